// The page around a previewed product: its HTML, style and script, which are fixed; all that is told of a bulletin
// comes as JSON and is set as text. Works by keyboard and from 320 pixels up.

enum PreviewAssets {
  static let page = #"""
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Preview</title>
    <link rel="stylesheet" href="preview.css">
    <link rel="icon" href="data:,">
    <script src="preview.js" defer></script>
    </head>
    <body>
    <a class="skip" href="#product">To the product</a>
    <header>
    <h1>Preview of <span id="file"></span></h1>
    <p id="status" role="status"></p>
    </header>
    <form id="choice" aria-label="What to see">
    <div><label for="variant">Variant</label> <select id="variant"></select></div>
    <div><label for="reader">Reader</label> <input id="reader" list="readers" autocomplete="off" spellcheck="false" placeholder="id, such as k.walsh"><datalist id="readers"></datalist></div>
    <div><label for="channel">Channel</label> <select id="channel"></select></div>
    <div><label for="view">As</label> <select id="view"><option value="page">page</option><option value="phone">phone, 320 pixels</option><option value="text">plain text</option></select></div>
    </form>
    <div id="sides">
    <main id="product" tabindex="-1" aria-labelledby="product-title">
    <h2 id="product-title">Product</h2>
    <dl id="sight"></dl>
    <div id="frame"><iframe id="shown" title="The product"></iframe></div>
    </main>
    <aside aria-labelledby="findings-title">
    <h2 id="findings-title">Findings</h2>
    <ol id="findings"></ol>
    <p id="none" hidden>Nothing found in the text.</p>
    <section id="about" hidden aria-labelledby="about-title">
    <h2 id="about-title">About readers</h2>
    <p class="more">Of readers and lists as they stand. A release wants each accepted by its id.</p>
    <ol id="about-findings"></ol>
    </section>
    </aside>
    </div>
    </body>
    </html>
    """#

  static let style = #"""
    :root { color-scheme: light dark; --ink: #1a2027; --quiet: #515b67; --paper: #ffffff; --ground: #eef1f4; --line: #747e8b; --accent: #0f5aa8; --error: #a4122a; --warning: #6b4200; }
    @media (prefers-color-scheme: dark) { :root { --ink: #dbe2ea; --quiet: #a3afbc; --paper: #1a2129; --ground: #12171d; --line: #8a96a3; --accent: #8ab8f0; --error: #ff9aa8; --warning: #f0c673; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
    header, form, #sides { padding: 0 16px; }
    header { display: flex; flex-wrap: wrap; gap: 0 24px; align-items: baseline; padding-top: 12px; }
    h1 { margin: 0; font-size: 18px; overflow-wrap: anywhere; }
    h2 { margin: 0 0 6px; font-size: 15px; }
    #status { margin: 0; color: var(--quiet); }
    form { display: flex; flex-wrap: wrap; gap: 8px 16px; padding-top: 10px; padding-bottom: 12px; }
    form div { display: flex; flex-wrap: wrap; gap: 0 6px; align-items: center; }
    label { color: var(--quiet); }
    select, input { min-height: 32px; max-width: 100%; padding: 3px 8px; border: 1px solid var(--line); border-radius: 4px; background: var(--paper); color: var(--ink); font: inherit; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    .skip { position: absolute; left: -999px; background: var(--paper); color: var(--accent); padding: 8px 12px; }
    .skip:focus { left: 8px; top: 8px; }
    #sides { display: grid; grid-template-columns: minmax(0, 1fr) minmax(260px, 380px); gap: 20px; align-items: start; }
    #sight { display: grid; grid-template-columns: auto 1fr; gap: 0 12px; margin: 0 0 10px; font-size: 14px; }
    #sight dt { color: var(--quiet); }
    #sight dd { margin: 0; overflow-wrap: anywhere; }
    #frame { border: 1px solid var(--line); background: var(--paper); }
    #frame.phone { max-width: 322px; }
    iframe { display: block; width: 100%; height: max(70vh, 420px); border: 0; }
    aside { position: sticky; top: 12px; max-height: calc(100vh - 24px); overflow-y: auto; }
    aside ol { margin: 0; padding: 0; list-style: none; }
    #about { margin-top: 16px; } #about .more { margin: 0 0 6px; }
    aside li { margin: 0 0 10px; padding: 8px 12px; background: var(--paper); border-left: 4px solid var(--line); overflow-wrap: anywhere; }
    aside .error { border-color: var(--error); } aside .warning { border-color: var(--warning); }
    aside strong { font-weight: 700; } .error strong { color: var(--error); } .warning strong { color: var(--warning); }
    aside li p { margin: 4px 0 0; } .place, .more { color: var(--quiet); font-size: 14px; }
    @media (max-width: 760px) { #sides { grid-template-columns: minmax(0, 1fr); } aside { position: static; max-height: none; order: -1; } form div { width: 100%; } form label { width: 72px; } select, input { flex: 1; min-width: 0; min-height: 40px; font-size: 16px; } }
    """#

  static let script = #"""
    'use strict';
    const part = id => document.getElementById(id);
    const views = {page: '', phone: 'phone', text: ''};
    let state = null;

    function element(name, text, kind) {
      const made = document.createElement(name);
      made.textContent = text;
      if (kind) made.className = kind;
      return made;
    }

    function option(value, text) {
      const made = element('option', text);
      made.value = value;
      return made;
    }

    // Rebuilt on every save; what was chosen stays chosen while it is there.
    function choices(list, options, wanted) {
      list.replaceChildren(...options);
      if (wanted && options.some(one => one.value === wanted)) list.value = wanted;
    }

    function list(found) {
      return found.map(found => {
        const item = document.createElement('li');
        item.className = found.severity;
        const head = document.createElement('p');
        head.append(element('strong', found.severity + ' ' + found.rule), ' ', element('span', found.place, 'place'));
        item.append(head, element('p', found.message));
        if (found.explanation) item.append(element('p', found.explanation, 'more'));
        if (found.fix) item.append(element('p', 'Fix: ' + found.fix, 'more'));
        return item;
      });
    }

    function findings() {
      part('findings').replaceChildren(...list(state.findings));
      part('about-findings').replaceChildren(...list(state.aboutReaders));
      part('about').hidden = state.aboutReaders.length === 0;
      part('none').hidden = state.findings.length > 0;
      const errors = state.findings.filter(found => found.severity === 'error').length;
      const warnings = state.findings.length - errors;
      part('findings-title').textContent = 'Findings: ' + errors + (errors === 1 ? ' error, ' : ' errors, ')
        + warnings + (warnings === 1 ? ' warning' : ' warnings');
      part('status').textContent = (state.version > 1 ? 'Saved and read again: ' : '')
        + errors + (errors === 1 ? ' error, ' : ' errors, ') + warnings + (warnings === 1 ? ' warning' : ' warnings')
        + (state.aboutReaders.length ? '; ' + state.aboutReaders.length + ' about readers.' : '.');
    }

    function eyes() {
      const query = new URLSearchParams();
      const [reader, channel] = part('variant').value.split(' ');
      if (part('reader').value.trim()) {
        query.set('reader', part('reader').value.trim());
        if (part('channel').value) query.set('channel', part('channel').value);
      } else if (reader) {
        query.set('reader', reader);
        query.set('channel', part('channel').value || channel);
      }
      query.set('view', part('view').value);
      return query;
    }

    async function look() {
      const query = eyes();
      const answer = await fetch('sight?' + query);
      const seen = await answer.json();
      const lines = [['Decision', seen.decision + (seen.reasons.length ? ': ' + seen.reasons.join('; ') : '')],
        ['Subject', seen.subject], ['Banner', seen.banner],
        ['Size', seen.size ? Math.ceil(seen.size / 1024) + ' KB of HTML; mail is clipped at 102' : null]];
      part('sight').replaceChildren(...lines.filter(line => line[1]).flatMap(line =>
        [element('dt', line[0]), element('dd', line[1])]));
      const frame = part('shown');
      const before = frame.contentWindow ? frame.contentWindow.scrollY : 0;
      frame.onload = () => { frame.contentWindow.scrollTo(0, before); document.body.dataset.shown = state.version; };
      part('frame').className = views[part('view').value];
      query.set('version', state.version);
      frame.src = 'product?' + query;
    }

    async function load() {
      const answer = await fetch('state');
      state = await answer.json();
      document.title = 'Preview of ' + state.file;
      part('file').textContent = state.file;
      choices(part('variant'), state.variants.map(one => option(one.reader + ' ' + one.channel,
        one.banner + ', ' + one.readers + (one.readers === 1 ? ' reader' : ' readers') + ' (as ' + one.reader + ')')),
        part('variant').value);
      choices(part('channel'), [option('', 'the best')].concat(state.channels.map(one => option(one, one))),
        part('channel').value);
      part('readers').replaceChildren(...state.readers.map(one => option(one.id, one.name)));
      findings();
      await look();
    }

    part('choice').addEventListener('change', event => {
      if (event.target.id === 'variant') part('reader').value = '';
      look();
    });
    part('choice').addEventListener('submit', event => { event.preventDefault(); look(); });
    const saves = new EventSource('saves');
    saves.onmessage = load;
    saves.onerror = () => { part('status').textContent = 'The preview has ended; start it again with `revere preview`.'; };
    """#
}
