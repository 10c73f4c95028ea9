/** Builds DOM without HTML from strings. */

/**
 * Makes an element: `h('button', { class: 'quiet', onclick: save, hidden: true }, 'Save')`.
 * `on…` members are listeners, `style` an object of custom properties, null and false leave an attribute out.
 * @param {string} tag @param {Record<string, any>} [props] @param {...(Node|string|null|false|undefined)} children
 * @returns {any}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) assign(element, name, value);
  element.append(...present(children));
  return element;
}

/** @param {Element} element @param {...(Node|string|null|false|undefined)} children takes the place of what was in it */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
}

/** @param {any[]} children @returns {(Node|string)[]} */
function present(children) {
  return children.flat().filter((child) => child !== null && child !== undefined && child !== false);
}

/** @param {any} element @param {string} name @param {any} value */
function assign(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
  else if (name === 'style') for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
  else if (name === 'value' || name === 'checked' || name === 'selected') element[name] = value;
  else element.setAttribute(name, value === true ? '' : value);
}
