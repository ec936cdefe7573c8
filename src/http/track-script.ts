/**
 * What pages load as GET /v1/track.js: it tells page views and events of visitors who agreed, and stores and sends nothing before. As
 * small as it is read easily: about a kilobyte.
 */
export const TRACK_SCRIPT = [
  '(() => {',
  "const to = new URL(document.currentScript.dataset.form, location).href, key = 'clew_visitor';",
  // crypto.randomUUID is missing on pages without TLS.
  "const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, 0)).join('');",
  'let id;',
  'const keep = (value) => {',
  'id = value;',
  "document.querySelectorAll('[data-clew-consent]').forEach((box) => (box.checked = !!id));",
  // Where storage is refused the visitor is one for this page only.
  'try { id ? localStorage.setItem(key, id) : localStorage.removeItem(key); } catch {}',
  '};',
  'const track = (type, props) => {',
  'if (!id) return;',
  // As text and not JSON, so that no browser asks by a preflight first.
  'const body = JSON.stringify({ events: [{ id: newId(), type, visitor_id: id, page: location.origin + location.pathname, props }] });',
  "const url = to + '/behaviours';",
  "if (!navigator.sendBeacon?.(url, body)) fetch(url, { method: 'POST', mode: 'no-cors', keepalive: true, body }).catch(() => {});",
  '};',
  'track.visitor = () => id;',
  'track.consent = (yes) => {',
  'if (!yes) keep();',
  "else if (!id) keep(newId()), track('page_view');",
  '};',
  "addEventListener('change', ({ target }) => 'clewConsent' in target.dataset && track.consent(target.checked));",
  // Every form of this source, sent plainly or read by `new FormData`; those of others are not told who the visitor is.
  "addEventListener('formdata', ({ target, formData }) => id && String(target.action).startsWith(to) && formData.set('visitor_id', id));",
  // Withdrawn, or given, in another tab.
  "addEventListener('storage', (e) => (e.key ?? key) === key && (id = e.newValue));",
  'try { id = localStorage.getItem(key); } catch {}',
  "if (id) keep(id), track('page_view');",
  'window.clewTrack = track;',
  '})();',
  '',
].join('\n');
