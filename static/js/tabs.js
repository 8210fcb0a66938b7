// The note and the patient's text: one is shown at a time. Without this the same links load the page anew.
const panels = [...document.querySelectorAll("[data-panel]")];
const tabs = [...document.querySelectorAll(".tabs [data-show]")];

const panelOf = (name) => panels.find((panel) => panel.dataset.panel === name);

function show(name) {
  if (!panelOf(name)) return;
  for (const panel of panels) panel.hidden = panel.dataset.panel !== name;
  for (const tab of tabs) {
    if (tab.dataset.show === name) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
  }
  for (const field of document.querySelectorAll("[data-shown]")) field.value = name;
}

// What loads the page anew keeps the tab that is open by then.
function keepTab(link) {
  const open = panels.find((panel) => !panel.hidden);
  const query = new URLSearchParams(link.search);
  if (open) query.set("show", open.dataset.panel);
  link.search = query;
}

const target = () => document.getElementById(location.hash.slice(1));

// What the address names: a place inside a panel, else the panel itself.
function named() {
  return target()?.closest("[data-panel]")?.dataset.panel ?? new URLSearchParams(location.search).get("show");
}

// From outside of the tabs, the reader is taken there.
function goTo(name) {
  const heading = panelOf(name).querySelector("h2");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  heading.scrollIntoView({ block: "start" });
}

document.addEventListener("click", (event) => {
  const leading = event.target.closest("a.line__who[href], a[data-keeps-tab]");
  if (leading) keepTab(leading);
  const link = event.target.closest("a[data-show]");
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  if (!panelOf(link.dataset.show)) return;
  event.preventDefault();
  if (link.href !== location.href) history.pushState(null, "", link.href);
  show(link.dataset.show);
  if (!tabs.includes(link)) goTo(link.dataset.show);
});

function follow() {
  show(named() ?? "note");
  if (target()?.closest("[data-panel]")) target().scrollIntoView();
}

addEventListener("popstate", follow);
if (location.hash) follow();
