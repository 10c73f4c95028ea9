/** Draws the few icons of the page: strokes of the colour of the text around them. */

const SVG = 'http://www.w3.org/2000/svg';

const PATHS = {
  menu: ['M4 6h16', 'M4 12h16', 'M4 18h16'],
  close: ['M6 6l12 12', 'M18 6L6 18'],
  plus: ['M12 5v14', 'M5 12h14'],
  prev: ['M15 5l-7 7 7 7'],
  next: ['M9 5l7 7-7 7'],
  more: ['M5 12h.01', 'M12 12h.01', 'M19 12h.01'],
  calendar: ['M4 6h16v14H4z', 'M4 10h16', 'M8 3v4', 'M16 3v4'],
  history: ['M4 12a8 8 0 1 0 3-6.2', 'M4 4v4h4', 'M12 8v4l3 2'],
  trash: ['M5 7h14', 'M9 7V4h6v3', 'M7 7l1 13h8l1-13'],
  warning: ['M12 4l9 16H3z', 'M12 10v4', 'M12 17h.01'],
  search: ['M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13', 'M15.5 15.5L20 20'],
  pen: ['M4 20l1-4L16 5l3 3L8 19z', 'M13.5 7.5l3 3'],
  filter: ['M4 6h16', 'M7 12h10', 'M10 18h4'],
  clip: ['M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 5 5l-8.5 8.5a1.7 1.7 0 0 1-2.5-2.5L15 7'],
  camera: ['M4 8h4l1.5-2.5h5L16 8h4v11H4z', 'M12 10.2a3.2 3.2 0 1 0 0 6.4a3.2 3.2 0 1 0 0-6.4'],
  download: ['M12 4v11', 'M7.5 11L12 15.5L16.5 11', 'M5 20h14'],
  pause: ['M9 6v12', 'M15 6v12'],
  resume: ['M8 5l11 7l-11 7z'],
  link: ['M14 5h5v5', 'M19 5l-8 8', 'M18 14v5H5V6h5'],
};

/** @param {keyof typeof PATHS} name @returns {SVGElement} */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  const attributes = { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true', focusable: 'false' };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}
