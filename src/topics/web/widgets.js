// The widgets of the notebooks (explorer, labelling, intruders), drawn with the reader's parts; this file follows reader.js.

/** A shadow root with the toolkit's style, on the notebook's light or dark ground. */
function sheet(el, css, language) {
  const host = element("div", { className: "topics-widget" });
  const root = host.attachShadow({ mode: "open" });
  const body = element("div", { className: "sheet", lang: language, dir: language === "ar" ? "rtl" : "ltr", tabIndex: -1 });
  body.style.setProperty("--from", language === "ar" ? "right" : "left");
  root.append(element("style", {}, css), body);
  el.replaceChildren(host);
  const ground = () => {
    const light = document.body.dataset.jpThemeLight;
    if (light === undefined) host.removeAttribute("data-ground");
    else host.dataset.ground = light === "false" ? "dark" : "light";
  };
  const watch = new MutationObserver(ground);
  watch.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light"] });
  ground();
  return { body, close: () => watch.disconnect() };
}

/** Put the words of the interface where `data-w` and `data-w-hint` ask for them. */
function word(body, speak) {
  for (const part of body.querySelectorAll("[data-w]")) part.textContent = speak(part.dataset.w);
  for (const part of body.querySelectorAll("[data-w-hint]")) part.setAttribute("placeholder", speak(part.dataset.wHint));
}

/** Relevance of a term to a topic (Sievert & Shirley 2014): lambda 1 is probability, 0 is lift. */
export const relevance = (probability, overall, lambda) =>
  lambda * Math.log(probability) + (1 - lambda) * Math.log(probability / overall);

function explorer(model, el) {
  const data = model.get("data");
  const speak = speaker(data.words);
  speak.language = data.language;
  const { body, close } = sheet(el, data.css, data.language);
  data.articles.forEach((article, place) => { article.place = place; });
  const choices = element("ul", { className: "choices" });
  const terms = element("ul", { className: "terms", lang: "ar", dir: "rtl" });
  const lambda = element("input", { type: "range", min: "0", max: "1", step: "0.05", value: "0.6", "aria-label": speak("lambda") });
  const shown = element("output", { dir: "ltr" }, "0.60");
  const slider = element("label", { className: "slider" }, element("span", {}, speak("lambda")), lambda, shown);
  const list = element("div", {});
  const reading = reader(list, data, speak, { filter: false });
  let chosen = null;

  function drawTerms() {
    const part = chosen === null ? null : data.parts[chosen];
    slider.hidden = !part || part.terms.length === 0 || part.terms[0].length < 3;
    const valued = (part?.terms ?? []).map(([text, value, overall]) =>
      [text, value, overall === undefined ? value : relevance(value, overall, Number(lambda.value))]);
    valued.sort((one, other) => other[2] - one[2]);
    const first = valued.slice(0, 15);
    const most = Math.max(...first.map(([, value]) => value));
    terms.replaceChildren(...first.map(([text, value]) =>
      element("li", { style: { weight: value / most }, title: value.toPrecision(3) }, isolated(text))));
  }

  function choose(theme) {
    chosen = chosen === theme ? null : theme;
    for (const button of choices.querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(Number(button.dataset.part) === chosen));
    drawTerms();
    reading.select(chosen);
  }

  const most = Math.max(...data.parts.map((part) => part.share));
  choices.append(...data.parts.map((part, theme) =>
    element("li", {}, element("button", { type: "button", className: themeClass(theme), "aria-pressed": "false",
      style: { share: most ? part.share / most : 0 }, data: { part: String(theme) }, onclick: () => choose(theme) },
    isolated(speak(`theme:${theme}`)), " ", element("small", { dir: "ltr" }, `${(100 * part.share).toFixed(0)}%`)))));
  lambda.oninput = () => {
    shown.textContent = Number(lambda.value).toFixed(2);
    drawTerms();
  };
  body.append(element("div", { className: "explorer" },
    element("div", { className: "side-list" }, choices, slider, terms),
    element("div", {}, ...(data.left_out ? [element("p", { className: "notice" }, data.left_out)] : []), list)));
  word(body, speak);
  drawTerms();
  reading.redraw();
  return close;
}

function labelling(model, el) {
  const data = model.get("data");
  const speak = speaker(data.words);
  speak.language = data.language;
  const { body, close } = sheet(el, data.css, data.language);
  const marks = new Set();
  let none = false;
  let place = model.get("place");

  const answered = () => model.get("answers");
  const finished = () => place >= data.articles.length;

  function take() {
    const given = finished() ? undefined : answered()[data.articles[place].id];
    marks.clear();
    none = given !== undefined && given.length === 0;
    for (const theme of given ?? []) marks.add(theme);
  }

  function toggle(theme) {
    if (theme < 0) {
      none = !none;
      marks.clear();
    } else {
      if (!marks.delete(theme)) marks.add(theme);
      none = false;
    }
    draw();
  }

  function go(step) {
    place = Math.max(0, Math.min(data.articles.length, place + step));
    model.set("place", place);
    model.save_changes();
    take();
    draw();
  }

  function save() {
    if (finished() || !(none || marks.size)) return;
    const note = body.querySelector("input")?.value ?? "";
    model.send({ place, themes: [...marks].sort((a, b) => a - b), note });
    go(1);
  }

  function button(theme, name, key) {
    const chance = data.articles[place].probabilities?.[theme];
    return element("button", { type: "button", className: themeClass(theme), data: { answer: String(theme) },
      "aria-pressed": String(theme < 0 ? none : marks.has(theme)), onclick: () => toggle(theme) },
    isolated(name), " ", ...(chance === undefined ? [] : [element("small", { dir: "ltr" }, probability(chance)), " "]),
    element("kbd", {}, key));
  }

  function drawOne() {
    const article = data.articles[place];
    const text = element("div", { className: "text", lang: "ar", dir: "rtl" },
      ...(article.title ? [element("h4", { dir: "auto" }, article.title)] : []),
      ...article.paragraphs.map(([direction, line]) => element("p", { dir: direction }, line)));
    const meta = [article.date, article.source].filter(Boolean).flatMap((part) => [" · ", isolated(part)]).slice(1);
    return [
      element("p", { className: "meta" }, ...meta), text,
      element("div", { className: "answers", role: "group", "aria-label": speak("themes") },
        ...data.themes.map((_, theme) => button(theme, speak(`theme:${theme}`), String(theme + 1))),
        button(-1, speak("none"), "0")),
      element("div", { className: "answers" },
        element("button", { type: "button", className: "go", disabled: !(none || marks.size), data: { do: "save" }, onclick: save },
          speak("save_next"), " ", element("kbd", {}, "Enter")),
        element("button", { type: "button", disabled: place === 0, data: { do: "back" }, onclick: () => go(-1) }, speak("previous")),
        element("button", { type: "button", data: { do: "skip" }, onclick: () => go(1) }, speak("skip_one")),
        element("input", { type: "text", "aria-label": speak("note"), placeholder: speak("note"), value: article.note ?? "" })),
    ];
  }

  function draw() {
    const done = Object.keys(answered()).length;
    body.replaceChildren(
      element("p", { className: "coder" }, isolated(data.coder), " · ",
        element("bdi", { dir: "ltr" }, `${Math.min(place + 1, data.articles.length)} / ${data.articles.length}`)),
      element("div", { className: "done", style: { share: data.articles.length ? done / data.articles.length : 1 } }),
      ...(finished() ? [element("p", { className: "notice" }, speak("all_labelled")),
        element("div", { className: "answers" }, element("button", { type: "button", data: { do: "back" }, onclick: () => go(-1) }, speak("previous")))]
        : drawOne()),
      element("p", { className: "saved", role: "status" }, speak("saved", { n: done, file: data.file })));
  }

  body.onkeydown = (event) => {
    if (event.target.tagName === "INPUT" && event.key !== "Enter") return;
    const theme = /^[0-9]$/.test(event.key) ? Number(event.key) - 1 : null;
    if (theme !== null && theme < data.themes.length) toggle(theme);
    else if (event.key === "Enter" && event.target.tagName !== "BUTTON") save();
    else return;
    event.preventDefault();
    event.stopPropagation();
    body.focus();
  };
  model.on("change:answers", draw);
  take();
  draw();
  return () => {
    model.off("change:answers", draw);
    close();
  };
}

function intruders(model, el) {
  const data = model.get("data");
  const speak = speaker(data.words);
  speak.language = data.language;
  const { body, close } = sheet(el, data.css, data.language);
  const questions = data.questions;
  let place = model.get("place");

  const answered = () => model.get("answers");

  function go(step) {
    place = Math.max(0, Math.min(questions.length, place + step));
    model.set("place", place);
    model.save_changes();
    draw();
  }

  function choose(choice) {
    model.send({ place, choice });
    go(1);
  }

  function drawOne() {
    const question = questions[place];
    const given = answered()[question.item];
    const options = question.choices.map((text, k) => element("li", {},
      element("button", { type: "button", data: { choice: String(k + 1) }, "aria-pressed": String(given === k + 1),
        onclick: () => choose(k + 1) }, element("kbd", {}, String(k + 1)), " ", isolated(text))));
    return [
      element("p", { className: "asked", id: "asked" }, speak(`intruder_${question.task}`)),
      ...(question.text ? [element("div", { className: "text", lang: "ar" }, element("p", { dir: question.direction }, question.text))] : []),
      element("ol", { className: `options ${question.task}`, "aria-labelledby": "asked", dir: "rtl", lang: "ar" }, ...options),
    ];
  }

  function draw() {
    const done = Object.keys(answered()).length;
    const back = element("button", { type: "button", disabled: place === 0, data: { do: "back" }, onclick: () => go(-1) }, speak("previous"));
    const skip = element("button", { type: "button", data: { do: "skip" }, onclick: () => go(1) }, speak("skip_one"));
    const finished = place >= questions.length;
    body.replaceChildren(
      element("p", { className: "coder" }, element("bdi", { dir: "ltr" }, `${Math.min(place + 1, questions.length)} / ${questions.length}`)),
      element("div", { className: "done", style: { share: questions.length ? done / questions.length : 1 } }),
      ...(finished ? [element("p", { className: "notice" }, speak("all_answered"))] : drawOne()),
      element("div", { className: "answers" }, back, ...(finished ? [] : [skip])),
      element("p", { className: "saved", role: "status" }, speak("saved", { n: done, file: data.file })));
  }

  body.onkeydown = (event) => {
    const choice = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
    if (place >= questions.length || !choice || choice > questions[place].choices.length) return;
    choose(choice);
    event.preventDefault();
    event.stopPropagation();
    body.focus();
  };
  model.on("change:answers", draw);
  draw();
  return () => {
    model.off("change:answers", draw);
    close();
  };
}

const KINDS = { explorer, labelling, intruders };

export default {
  render: ({ model, el }) => KINDS[model.get("data").kind](model, el),
};
