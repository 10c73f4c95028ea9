/** Shows a picture, a film or a recording in the page; everything else is opened by its own program. */

import { h } from '../h.js';
import { modal } from '../modal.js';

const SHOWN = /^(image\/(png|jpeg|gif|webp|avif)|video\/(mp4|webm|ogg|quicktime)|audio\/)/;

/** @param {{mime_type: string, status: string}} attachment @returns {boolean} */
export function canPreview({ mime_type, status }) {
  return status === 'ready' && (SHOWN.test(mime_type) || mime_type === 'application/pdf');
}

/** @param {{t: import('../../model/i18n.js').Translate}} context @param {Record<string, any>} attachment @param {import('../../files_api.js').FilesApi} files */
export function preview({ t }, attachment, files) {
  const { id, file_name: name, mime_type: type } = attachment;
  const address = files.address(id, 'inline');
  if (type === 'application/pdf') return void window.open(address, '_blank', 'noopener');
  const face = type.startsWith('image/')
    ? h('img', { src: address, alt: name })
    : h(type.startsWith('video/') ? 'video' : 'audio', { src: address, controls: true, autoplay: true, preload: 'metadata' });
  const box = modal({
    title: name,
    closeWords: t('action.close'),
    className: 'dialog preview',
    body: [face],
    foot: [h('a', { class: 'button plain', href: files.address(id, 'attachment'), download: name }, t('files.download')), h('span', { class: 'spacer' }), h('button', { type: 'submit', class: 'primary' }, t('action.close'))],
    onsubmit: () => box.close(),
  });
  return box;
}
