// Three things, all of which a page can do without: what changes is shown as it comes over a WebSocket, and a form is
// sent without leaving the page, so that nothing typed is lost when the connection is; and a link is copied.

const firstPause = 250, longestPause = 5000;
let socket, pause = firstPause, waiting, busy = false;
const shown = new Map();

const state = what => {
  const place = document.getElementById("link-state");
  if (!place) return;
  const text = place.dataset[what];
  if (place.textContent !== text) place.textContent = text;
  document.body.classList.toggle("is-lost", what === "lost");
};

const isTyped = field => field.name && field.type !== "hidden" && (field.options
  ? ([...field.options].find(option => option.defaultSelected) ?? field.options[0])?.selected === false
  : field.value !== field.defaultValue);

// A form to which nothing can be said now is put away, unless something was typed there and not sent.
const putAway = () => {
  const bar = document.querySelector("[data-for]"), form = bar && document.forms[bar.dataset.for];
  if (!form) return;
  const idle = "idle" in bar.dataset, kept = idle && ("unsent" in form.dataset || [...form.elements].some(isTyped));
  form.hidden = idle && !kept;
  form.querySelector("[data-kept]").hidden = !kept;
};

// What finds an element again in what replaces it: its id, what it stands for, where it leads, or what it unfolds.
const placesOf = element => {
  const key = element.dataset.key && `[data-key="${CSS.escape(element.dataset.key)}"]`;
  const link = element.matches("a[href]") && `a[href="${CSS.escape(element.getAttribute("href"))}"]`;
  return [
    element.id && "#" + CSS.escape(element.id),
    key && link && link + key,
    key,
    link,
    element.matches("details[id] > summary") && `#${CSS.escape(element.parentElement.id)} > summary`,
  ].filter(Boolean);
};

// Each outermost element of a message replaces the one on the page that has its id, if it differs.
const show = html => {
  const held = document.createElement("template");
  held.innerHTML = html;
  for (const fresh of [...held.content.children]) {
    const text = fresh.outerHTML, old = document.getElementById(fresh.id);
    if (!old || shown.get(fresh.id) === text) continue;
    shown.set(fresh.id, text);
    const at = document.activeElement, places = old.contains(at) ? placesOf(at) : [];
    if (fresh.getAttribute("role") === "status") {
      // What is read aloud has to change in place.
      old.className = fresh.className;
      old.replaceChildren(...fresh.childNodes);
    } else {
      for (const open of old.querySelectorAll("details[open][id]"))
        fresh.querySelector("#" + CSS.escape(open.id))?.setAttribute("open", "");
      old.replaceWith(fresh);
    }
    const now = document.getElementById(fresh.id);
    const sought = places.map(place => now.matches(place) ? now : now.querySelector(place)).find(Boolean);
    sought?.focus({ preventScroll: true });
  }
  putAway();
};

// What is replaced between press and release gets no click. So the newest picture waits for the click, which a finger
// makes a little after it is lifted, but for a second at most.
const longestPress = 1000, fingersClick = 300;
let pressed = 0, late = null;

const release = () => {
  pressed = 0;
  if (late !== null) show(late);
  late = null;
};

const releaseIn = time => {
  clearTimeout(pressed);
  pressed = setTimeout(release, time);
};

addEventListener("pointerdown", event => event.isPrimary && event.button === 0 && releaseIn(longestPress));
for (const end of ["pointerup", "pointercancel"])
  addEventListener(end, ({ pointerType }) => pressed && releaseIn(pointerType === "mouse" ? 0 : fingersClick));
addEventListener("click", () => pressed && releaseIn(0), true);
// The space bar presses what it is released on; held down, it repeats.
addEventListener("keydown", event => event.key === " " && !event.repeat && releaseIn(longestPress));
addEventListener("keyup", event => event.key === " " && pressed && releaseIn(0));

const connect = () => {
  clearTimeout(waiting);
  if (socket) {
    socket.onclose = null;
    socket.close();
  }
  const path = document.body.dataset.live;
  if (!path) return;
  socket = new WebSocket(location.origin.replace(/^http/, "ws") + path);
  socket.onmessage = message => {
    pause = firstPause;
    state("live");
    if (pressed) late = message.data;
    else show(message.data);
  };
  socket.onclose = () => {
    state("lost");
    waiting = setTimeout(connect, pause);
    pause = Math.min(pause * 2, longestPause);
  };
};

const again = () => {
  if (document.body.dataset.live && !document.hidden && !(socket?.readyState <= WebSocket.OPEN)) {
    pause = firstPause;
    connect();
  }
};

// Text in other forms than the one that was sent stays where it is.
const typedElsewhere = sent => [...document.querySelectorAll("main form[id]")]
  .filter(form => form.id !== sent.id)
  .flatMap(form => [...form.elements]
    .filter(isTyped)
    .map(field => [form.id, field.name, field.value]));

const turnTo = (html, url, sent) => {
  const page = new DOMParser().parseFromString(html, "text/html"), main = page.querySelector("main");
  if (!main) throw new Error("That was no page.");
  const typed = typedElsewhere(sent);
  document.querySelector("header").replaceWith(page.querySelector("header"));
  document.querySelector("main").replaceWith(main);
  document.getElementById("no-answer").hidden = true;
  document.title = page.title;
  document.body.dataset.live = page.body.dataset.live ?? "";
  history.replaceState(null, "", url);
  shown.clear();
  late = null;
  for (const [form, name, value] of typed) {
    const field = document.forms[form]?.elements.namedItem(name);
    if (field && "value" in field) field.value = value;
  }
  (main.querySelector("[role=alert],[data-focus]") ?? main).focus();
  connect();
};

document.addEventListener("submit", async event => {
  const form = event.target, button = event.submitter;
  if (form.getAttribute("method") !== "post" || form.dataset.plain !== undefined) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  // Everything is read before anything is switched off: what is off is not sent.
  const data = new URLSearchParams(new FormData(form, button));
  const to = button?.getAttribute("formaction") ?? form.getAttribute("action");
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(to, { method: "POST", body: data, headers: { Accept: "text/html" } });
    turnTo(await answer.text(), answer.url, form);
  } catch {
    document.getElementById("no-answer").hidden = false;
  } finally {
    form.removeAttribute("aria-busy");
    busy = false;
  }
});

// What can be copied has a button for it, shown only where this script runs.
document.documentElement.classList.add("scripted");
document.addEventListener("click", async event => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Selected: press Ctrl-C";
  }
});

document.addEventListener("visibilitychange", again);
addEventListener("online", again);
addEventListener("pageshow", again);
connect();
