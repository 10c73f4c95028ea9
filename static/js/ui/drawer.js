/** Lets the list of departments slide in where there is no room for it. */

/**
 * @param {HTMLElement} root
 * @returns {{attach: (button: HTMLElement) => void, toggle: () => void, close: () => void}}
 */
export function drawerOf(root) {
  let button = null;
  const isOpen = () => root.classList.contains('drawer-open');
  const set = (open) => {
    root.classList.toggle('drawer-open', open);
    button.setAttribute('aria-expanded', String(open));
    if (open) root.querySelector('.close-menu').focus();
  };
  const close = () => {
    if (!isOpen()) return;
    set(false);
    button.focus();
  };
  // A property, so that a page that is built anew has one such listener; and no value, since `false` would stop the key.
  root.onkeydown = ({ key }) => {
    if (key === 'Escape') close();
  };
  return {
    close,
    toggle: () => set(!isOpen()),
    attach(element) {
      button = element;
      set(false);
    },
  };
}
