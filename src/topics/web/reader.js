// Articles to search, filter, sort and open; the words of the interface in three languages.
// Text of articles only ever becomes textContent: no string is read as HTML here.

const PAGE = 50; // articles drawn at a time, however many there are
const FEW = 4; // pages, from which on one may be named
const ARABIC = /[\u0600-\u06ff\u0750-\u077f\u0870-\u08ff\ufb50-\ufdff\ufe70-\ufeff]/;
const SHOWN_CONTROL = /<U\+[0-9A-F]{4}>/g;

/** An element with its properties and children; `style` holds custom properties. */
function element(tag, { style = {}, data = {}, ...properties } = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made && !name.startsWith("aria")) made[name] = value;
    else made.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries(style)) made.style.setProperty(`--${name}`, value);
  Object.assign(made.dataset, data);
  made.append(...children);
  return made;
}

/** A run of somebody's text that cannot reorder its neighbours. */
const isolated = (text) => element("bdi", { dir: ARABIC.test(text) ? "rtl" : "auto" }, text);

/** From text to what search compares: the toolkit's spelling and folds, by the tables it sends along. */
export function folding({ before, drop, map }) {
  const anyOf = (ranges) =>
    new RegExp(`[${ranges.map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`).join("")}]+`, "gu");
  const [early, late] = [anyOf(before), anyOf(drop)];
  const letters = new Map(Object.entries(map));
  const mapped = new RegExp(`[${[...letters.keys()].join("")}]`, "gu");
  return (text) =>
    text.replace(SHOWN_CONTROL, "").replace(early, "").normalize("NFKC").replace(late, "")
      .replace(mapped, (letter) => letters.get(letter)).toLowerCase();
}

/** The words of one language; {n} in them is filled from the values. */
export function speaker(words) {
  const speak = (key, values = {}) =>
    (words[speak.language][key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  return speak;
}

const plainTitle = (article) => article.title.map((piece) => (typeof piece === "string" ? piece : piece[0])).join("");
const probability = (value) => value.toFixed(2);

/** Everything that a search may find in an article, folded once. */
function searchKey(article, fold) {
  const parts = article.paragraphs.flatMap((paragraph) => paragraph.pieces ?? []);
  const text = parts.map((piece) => (typeof piece === "string" ? piece : piece[0])).join("");
  return fold([article.id, plainTitle(article), article.source ?? "", text].join("\n"));
}

/** Articles in the order that is asked for; those without the value come last, equal ones as they came. */
function ordered(articles, key, descending) {
  const compare = new Intl.Collator("ar", { numeric: true }).compare;
  const value = {
    order: (article) => article.place,
    title: plainTitle,
    date: (article) => article.date,
    source: (article) => article.source,
    unlike: (article) => article.unlike,
  }[key] ?? ((article) => article.probabilities[Number(key.slice(6))]);
  const sign = descending ? -1 : 1;
  const valued = articles.map((article) => [value(article), article]);
  const empty = (cell) => cell === null || cell === undefined || cell === "";
  valued.sort(([one, a], [other, b]) => {
    if (empty(one) || empty(other)) return empty(one) - empty(other) || a.place - b.place;
    const difference = typeof one === "number" ? one - other : compare(one, other);
    return sign * difference || a.place - b.place;
  });
  return valued.map(([, article]) => article);
}

/** The class that gives an element a theme's color. */
const themeClass = (theme) => (theme < 0 ? "theme-none" : `theme-${theme}`);

const MANY = 8; // themes, past which an article shows only those that it carries

/** Draw the list of articles into `root`; without `filter` the caller chooses the theme by `select`. */
export function reader(root, data, speak, { filter = true } = {}) {
  const fold = folding(data.fold);
  const themes = data.themes.map((_, place) => place);
  const named = (theme) => speak(theme < 0 ? "none" : `theme:${theme}`);
  const state = { query: "", theme: null, sort: "order", descending: false, page: 0, open: new Set(), why: new Map() };
  let search, select, direction, chips, found, rows, pages;

  function matching() {
    const words = fold(state.query).split(/\s+/).filter(Boolean);
    return data.articles.filter((article) => {
      if (state.theme === -1 && article.themes.length) return false;
      if (state.theme >= 0 && state.theme !== null && !article.themes.includes(state.theme)) return false;
      if (words.length) article.key ??= searchKey(article, fold);
      return words.every((word) => article.key.includes(word));
    });
  }

  function drawList() {
    const list = ordered(matching(), state.sort, state.descending);
    const last = Math.max(Math.ceil(list.length / PAGE) - 1, 0);
    state.page = Math.min(state.page, last);
    const told = { n: list.length.toLocaleString("en"), all: data.articles.length.toLocaleString("en"), page: PAGE };
    found.textContent = list.length ? speak("found", told) + (last ? ` · ${speak("paged", told)}` : "") : speak("found_none");
    rows.replaceChildren(...list.slice(state.page * PAGE, (state.page + 1) * PAGE).map(drawRow));
    rows.dataset.query = state.query;
    drawPages(last);
  }

  function drawPages(last) {
    const turn = (to, word) =>
      element("button", { type: "button", disabled: to < 0 || to > last, onclick: () => {
        state.page = to;
        drawList();
        rows.querySelector("button")?.focus({ preventScroll: true });
        root.scrollIntoView();
      } }, speak(word));
    const where = element("span", {}, speak("page", { page: state.page + 1, pages: last + 1 }));
    const field = element("input", { type: "number", min: "1", max: String(last + 1), value: String(state.page + 1), onchange() {
      const wanted = Math.round(Number(field.value)) || 1;
      state.page = Math.max(0, Math.min(last, wanted - 1));
      drawList();
      pages.querySelector("input")?.focus();
    } });
    const jump = last < FEW ? [] : [element("label", { className: "jump" }, element("span", {}, speak("go_to_page")), field)];
    pages.replaceChildren(...(last ? [turn(state.page - 1, "previous"), where, turn(state.page + 1, "next"), ...jump] : []));
  }

  function drawRow(article) {
    const title = plainTitle(article);
    const panel = element("div", { className: "read", id: `article-${article.place}`, hidden: true });
    const open = element("button", { type: "button", className: "open", "aria-expanded": "false", "aria-controls": panel.id },
      title ? isolated(title) : speak("untitled"));
    const show = (shown) => {
      open.setAttribute("aria-expanded", String(shown));
      panel.hidden = !shown;
      panel.replaceChildren(...(shown ? drawArticle(article, panel) : []));
    };
    open.onclick = () => {
      const shown = !state.open.delete(article.place);
      if (shown) state.open.add(article.place);
      show(shown);
    };
    if (state.open.has(article.place)) show(true);
    const meta = [article.date, article.source].filter(Boolean).flatMap((text) => [" · ", isolated(text)]).slice(1);
    return element("li", { className: "row", data: { id: article.id } },
      element("div", { className: "head" },
        element("div", {}, open, element("p", { className: "meta" }, ...meta)),
        element("div", { className: "side" }, drawTags(article), drawMap(article))),
      panel);
  }

  function drawTags(article) {
    const carried = article.themes.length || !themes.length ? article.themes : [-1];
    return element("div", { className: "tags" }, ...carried.map((theme) =>
      element("span", { className: `tag ${themeClass(theme)}` }, isolated(named(theme)),
        ...(theme < 0 ? [] : [" ", element("bdi", { dir: "ltr" }, probability(article.probabilities[theme]))]))));
  }

  /** The article in small: one block a paragraph, as long as it is, in the color of its strongest theme. */
  function drawMap(article) {
    const blocks = article.paragraphs.filter((paragraph) => paragraph.probabilities).map((paragraph) => {
      const best = Math.max(...paragraph.probabilities);
      const theme = best >= 0.5 ? paragraph.probabilities.indexOf(best) : -1;
      const block = element("i", { className: themeClass(theme), style: { p: theme < 0 ? 0.25 : best } });
      block.style.flexGrow = paragraph.length;
      return block;
    });
    return element("div", { className: "map", "aria-hidden": "true" }, ...blocks);
  }

  function drawArticle(article, panel) {
    const marked = new Set([article.title, ...article.paragraphs.map((paragraph) => paragraph.pieces ?? [])]
      .flat().flatMap((piece) => (typeof piece === "string" ? [] : Object.keys(piece[1]).map(Number))));
    const strongest = [...marked].sort((a, b) => article.probabilities[b] - article.probabilities[a] || a - b)[0];
    const first = [state.preferred, article.primary].find((theme) => marked.has(theme));
    const chosen = state.why.get(article.place) ?? first ?? strongest;
    const chance = (theme) => [isolated(named(theme)), " ", element("small", { dir: "ltr" }, probability(article.probabilities[theme]))];
    const offered = themes.length > MANY ? themes.filter((theme) => marked.has(theme)) : themes;
    const choice = offered.map((theme) => marked.size
      ? element("button", { type: "button", className: themeClass(theme), disabled: !marked.has(theme),
        "aria-pressed": String(theme === chosen), data: { why: String(theme) }, onclick() {
          state.why.set(article.place, theme);
          panel.replaceChildren(...drawArticle(article, panel));
          panel.querySelector(`[data-why="${theme}"]`).focus();
        } }, ...chance(theme))
      : element("span", { className: `tag ${themeClass(theme)}` }, ...chance(theme)));
    const notes = [];
    if (marked.size) notes.push(element("p", { className: "hint" }, speak("why_hint")));
    if (article.cut) notes.push(element("p", { className: "hint" }, speak(data.texts === "none" ? "no_text" : "cut")));
    const body = element("div", { className: "text", lang: "ar", dir: "rtl" });
    if (data.texts !== "none") body.append(element("h4", { dir: "auto" }, ...drawPieces(article.title, chosen, article)));
    body.append(...article.paragraphs.map((paragraph) => drawParagraph(paragraph, chosen, article)));
    return [
      element("div", { className: "chips", role: "group", "aria-label": speak(marked.size ? "why" : "themes") },
        ...(marked.size ? [element("span", { className: "hint" }, speak("why"))] : []), ...choice),
      body, ...notes,
      element("p", { className: "hint" }, `${speak("id")} `, isolated(article.id)),
    ];
  }

  function drawParagraph(paragraph, chosen, article) {
    const told = themes.length > MANY ? themes.filter((theme) => theme === chosen || article.themes.includes(theme)) : themes;
    const values = paragraph.probabilities ? told.map((theme) => [theme, paragraph.probabilities[theme]]) : [];
    const said = values.map(([theme, value]) => `${named(theme)} ${probability(value)}`).join(" · ");
    const lanes = element("div", { className: "lanes", title: said },
      ...(said ? [element("span", { className: "sr" }, `${speak("strip")}: ${said}`)] : []),
      ...values.map(([theme, value]) => element("i", { className: themeClass(theme), style: { p: value } })));
    const text = paragraph.pieces
      ? element("p", { dir: paragraph.direction ?? "rtl" }, ...drawPieces(paragraph.pieces, chosen, article))
      : element("div", { className: "blank", style: { n: paragraph.length } });
    return element("div", { className: "paragraph" }, lanes, text);
  }

  function drawPieces(pieces, theme, article) {
    return pieces.map((piece) => {
      if (typeof piece === "string" || !(theme in piece[1])) return typeof piece === "string" ? piece : piece[0];
      const weight = piece[1][theme];
      const level = Math.round((4 * Math.abs(weight)) / (article.largest[theme] || 1));
      return element("mark", { className: `${themeClass(theme)} ${weight < 0 ? "against" : "for"}`, style: { level },
        title: `${weight < 0 ? "\u2212" : "+"}${Math.abs(weight).toFixed(3)}` }, piece[0]);
    });
  }

  function drawChips() {
    const count = (theme) =>
      data.articles.filter((article) => (theme < 0 ? !article.themes.length : article.themes.includes(theme))).length;
    const options = [[null, "everything", data.articles.length], ...[...themes, -1].map((theme) => [theme, null, count(theme)])];
    chips.setAttribute("aria-label", speak("filter"));
    chips.replaceChildren(...options.map(([theme, word, n]) =>
      element("button", { type: "button", className: theme === null ? "plain" : themeClass(theme),
        "aria-pressed": String(state.theme === theme), data: { filter: theme === null ? "all" : String(theme) }, onclick() {
          state.theme = theme;
          state.page = 0;
          for (const chip of chips.children) chip.setAttribute("aria-pressed", String(chip === this));
          drawList();
        } }, isolated(word ? speak(word) : named(theme)), " ", element("small", { dir: "ltr" }, n.toLocaleString("en")))));
  }

  function drawSelect() {
    const keys = ["order", "title", "date", "source", "unlike"].map((key) => [key, speak(`sort_${key}`)]);
    const byTheme = themes.map((theme) => [`theme:${theme}`, speak("sort_theme", { theme: named(theme) })]);
    select.replaceChildren(...[...keys, ...byTheme].map(([value, name]) => element("option", { value }, name)));
    select.value = state.sort;
    direction.textContent = speak(state.descending ? "descending" : "ascending");
  }

  function build() {
    let waiting;
    const told = data.parted ? [element("p", { className: "hint within", id: "within", data: { w: "search_part" } })] : [];
    search = element("input", { type: "search", autocomplete: "off", data: { wHint: "search_hint" }, oninput() {
      search.dir = search.value ? "auto" : ""; // empty, its hint stands where the interface begins
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        Object.assign(state, { query: search.value, page: 0 });
        drawList();
      }, 120);
    } });
    const change = (changes) => {
      Object.assign(state, changes, { page: 0 });
      drawSelect();
      drawList();
    };
    select = element("select", { onchange: () =>
      change({ sort: select.value, descending: select.value === "unlike" || select.value.startsWith("theme:") }) });
    direction = element("button", { type: "button", className: "direction", onclick: () => change({ descending: !state.descending }) });
    chips = element("div", { className: "chips", role: "group" });
    found = element("p", { className: "found", role: "status" });
    rows = element("ol", { className: "rows" });
    pages = element("div", { className: "pages" });
    const label = (word, field, className) =>
      element("label", { className }, element("span", { data: { w: word } }), field);
    root.replaceChildren(
      element("div", { className: "tools" }, label("search", search, "search"), label("sort", select, "sort"), direction),
      ...told, ...(filter && themes.length ? [chips] : []), found, rows, pages);
    if (told.length) search.setAttribute("aria-describedby", "within");
  }

  function redraw() {
    drawChips();
    drawSelect();
    drawList();
  }

  build();
  return {
    redraw,
    /** The articles of one theme, those that it fits best first; null shows all in their order. */
    select(theme) {
      Object.assign(state, { theme, page: 0, sort: theme === null ? "order" : `theme:${theme}`, descending: theme !== null });
      for (const open of state.open) if (theme !== null) state.why.set(open, theme);
      state.preferred = theme;
      redraw();
    },
  };
}

/** The page of a report: its island of data, its interface words, its reader. */
export function report(page = document) {
  const data = JSON.parse(page.getElementById("island").textContent);
  data.articles.forEach((article, place) => { article.place = place; });
  const speak = speaker(data.words);
  speak.language = data.language;
  const { redraw } = reader(page.getElementById("reader"), data, speak);
  const buttons = [...page.querySelectorAll("[data-language]")];
  const parts = [...page.querySelectorAll("a[data-part]")]; // other files of this report open in the language of this one
  function say(language) {
    speak.language = language;
    page.documentElement.lang = language;
    page.documentElement.dir = language === "ar" ? "rtl" : "ltr";
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.language === language));
    for (const part of page.querySelectorAll("[data-w]")) part.textContent = speak(part.dataset.w);
    for (const part of page.querySelectorAll("[data-w-label]")) part.setAttribute("aria-label", speak(part.dataset.wLabel));
    for (const part of page.querySelectorAll("[data-w-hint]")) part.setAttribute("placeholder", speak(part.dataset.wHint));
    for (const link of parts) link.search = language === data.language ? "" : `?lang=${language}`;
    redraw();
  }
  for (const button of buttons) button.onclick = () => say(button.dataset.language);
  const asked = new URLSearchParams(page.location.search).get("lang") ?? "";
  say(Object.hasOwn(data.words, asked) ? asked : data.language);
}
