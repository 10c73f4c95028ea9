/** Takes an event that is dropped on a department in the list: it moves there. */

const ROW = '[data-department]';

/**
 * @param {{workspace: any}} context @param {import('./acts.js').Acts} acts
 * @returns {() => void} how to stop
 */
export function departmentDrop({ workspace }, acts) {
  let over = null;
  const rowAt = (x, y) => document.elementsFromPoint(x, y).map((element) => element.closest('.departments')?.contains(element) && element.closest(ROW)).find(Boolean) ?? null;
  const light = (row) => {
    over?.classList.remove('drop-target');
    over = row;
    over?.classList.add('drop-target');
  };
  const hover = ({ clientX, clientY }) => light(rowAt(clientX, clientY));
  const dragged = ({ detail: { phase, key, x, y } }) => {
    document.documentElement.classList.toggle('dragging-event', phase === 'start');
    if (phase === 'start') return document.addEventListener('pointermove', hover);
    document.removeEventListener('pointermove', hover);
    light(null);
    const row = rowAt(x, y);
    const event = row && workspace.event(key);
    return event && void acts.move(event, row.dataset.department);
  };
  document.addEventListener('eventdrag', dragged);
  return () => document.removeEventListener('eventdrag', dragged);
}
