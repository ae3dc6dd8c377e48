// The report's page. What comes from the scan reaches the page as text alone: every node is made by hand, none from markup.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const severities = ["", "low", "medium", "high", "critical"];
  const confidences = ["", "low", "medium", "high"];
  const number = (n) => n.toLocaleString("en");
  const plural = (n, what) => number(n) + " " + what + (n === 1 ? "" : "s");
  const capital = (s) => s.charAt(0).toUpperCase() + s.slice(1);

  // make builds an element: attributes, then children, text among them.
  const make = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "onclick") node.addEventListener("click", value);
      else if (value !== undefined && value !== null) node.setAttribute(name, value);
    }
    node.append(...children.flat().filter((c) => c !== undefined && c !== null && c !== ""));
    return node;
  };
  const svg = (tag, attributes, ...children) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  // --- what is filtered, and by what

  const findings = data.findings;
  const rules = data.rules;
  findings.forEach((f, i) => { f.i = i; f.rule = rules[f.r]; });
  const state = { q: "", sev: new Set([1, 2, 3, 4]), area: "", rule: "", path: "", conf: "", std: "", order: "", silenced: false };
  let matched = [];
  let rendered = 0;
  let openAll = false;
  let current = -1; // place in matched of the finding that keys work on
  const opened = new Set(); // indexes of findings whose details are shown
  const STEP = 100;

  const place = (f) => f.p + (f.cell ? ":cell " + f.cell : "") + ":" + f.l + ":" + f.n;

  // haystack is all the text of a finding that a search looks through, made when it is first wanted.
  const haystack = (f) => {
    if (f.hay === undefined) {
      const r = f.rule;
      const lines = f.k ? f.k.t.map((l) => (typeof l === "string" ? l : l.join(""))).join("\n") : "";
      f.hay = [r.id, r.title, f.m, place(f), f.x, r.area, r.cwe.join(" "), r.names, r.std.map((s) => data.controls[s].ref).join(" "), f.h, lines].join("\n").toLowerCase();
    }
    return f.hay;
  };

  // pathTest takes a glob when there is a star in it, a part of a path otherwise.
  const pathTest = (text) => {
    if (!text) return null;
    const want = text.toLowerCase();
    if (!want.includes("*")) return (p) => p.toLowerCase().includes(want);
    const parts = want.split("*");
    return (path) => {
      const p = path.toLowerCase();
      let at = 0;
      for (let i = 0; i < parts.length; i++) {
        const found = i === parts.length - 1 && parts[i] ? (p.endsWith(parts[i]) ? p.length - parts[i].length : -1) : p.indexOf(parts[i], at);
        if (found < at) return false;
        if (i === 0 && want[0] !== "*" && found > 0 && p[found - 1] !== "/") return false;
        at = found + parts[i].length;
      }
      return true;
    };
  };

  const controlOf = new Map(data.controls.map((c, i) => [c.ref, i]));

  // tests are the filters one by one, so that a list of choices can be counted without its own.
  const tests = () => {
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const path = pathTest(state.path);
    const std = state.std;
    const whole = std.endsWith(":*") ? data.standards[Number(std.slice(0, -2))] : null;
    const one = whole ? -1 : controlOf.get(std);
    return {
      q: words.length ? (f) => { const h = haystack(f); return words.every((w) => h.includes(w)); } : null,
      sev: state.sev.size < 4 ? (f) => state.sev.has(f.s) : null,
      area: state.area ? (f) => f.rule.area === state.area : null,
      rule: state.rule ? (f) => f.rule.id === state.rule : null,
      path: path ? (f) => path(f.p) : null,
      conf: state.conf ? (f) => f.c >= Number(state.conf) : null,
      std: whole ? (f) => f.rule.std.some((c) => whole.from <= c && c < whole.to) : std ? (f) => f.rule.std.includes(one) : null,
      silenced: state.silenced ? null : (f) => !f.q,
    };
  };

  // sift looks at each finding once: what passes every test is matched; what fails one alone is among the choices of that filter.
  const sift = () => {
    const list = Object.entries(tests()).filter(([, t]) => t);
    const passed = [];
    const but = { sev: [], area: [], rule: [], path: [] };
    for (const f of findings) {
      let fails = 0;
      let name = "";
      for (let i = 0; i < list.length && fails < 2; i++) if (!list[i][1](f)) { fails++; name = list[i][0]; }
      if (!fails) passed.push(f);
      else if (fails === 1 && but[name]) but[name].push(f);
    }
    return { passed: passed, without: (name) => passed.concat(but[name]) };
  };

  const orders = {
    "": (a, b) => a.i - b.i,
    path: (a, b) => (a.p < b.p ? -1 : a.p > b.p ? 1 : (a.cell || 0) - (b.cell || 0) || a.l - b.l || a.n - b.n || a.i - b.i),
    rule: (a, b) => (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : a.i - b.i),
  };

  // --- a finding

  const inline = (text) => text.split("`").map((part, i) => (i % 2 ? make("code", {}, part) : part));

  // prose is the Markdown that rules are written in: paragraphs, lists, code.
  const prose = (text) => {
    const box = make("div", { class: "text" });
    for (const block of text.trim().split(/\n\s*\n/)) {
      const lines = block.split("\n");
      if (lines.every((l) => /^( {4}|\t)/.test(l))) box.append(make("pre", { tabindex: "0" }, lines.map((l) => l.replace(/^( {4}|\t)/, "")).join("\n")));
      else if (/^[-*] /.test(lines[0])) {
        const items = block.split(/\n(?=[-*] )/).map((item) => make("li", {}, ...inline(item.slice(2).replace(/\s+/g, " "))));
        box.append(make("ul", {}, ...items));
      } else box.append(make("p", {}, ...inline(block.replace(/\s+/g, " "))));
    }
    return box;
  };

  const frame = (k, label) => {
    const body = make("tbody");
    k.t.forEach((line, i) => {
      const meant = typeof line !== "string";
      const code = meant ? [line[0], make("mark", {}, line[1]), line[2]] : [line];
      body.append(make("tr", meant ? { class: "meant" } : {}, make("td", {}, String(k.n + i)), make("td", {}, ...code)));
    });
    return make("div", { class: "frame", tabindex: "0", role: "region", "aria-label": label }, make("table", { role: "presentation" }, body));
  };

  const diff = (fix) => {
    const rows = [...fix.before.map((l) => ["minus", "−", l]), ...fix.after.map((l) => ["plus", "+", l])];
    const body = make("tbody", {}, ...rows.map(([kind, sign, l]) => make("tr", { class: kind }, make("td", {}, sign), make("td", {}, l))));
    return make("div", { class: "frame", tabindex: "0", role: "region", "aria-label": "Fix" }, make("table", { role: "presentation" }, body));
  };

  const link = (url) => (/^https?:\/\//.test(url) ? make("a", { href: url, rel: "noreferrer noopener", target: "_blank" }, url) : url);

  // detail is what a finding opens to. What says the same for every finding of a rule is left out of print.
  const detail = (f) => {
    const r = f.rule;
    const out = [];
    const part = (title, ...content) => out.push(make("div", {}, make("h4", {}, title), ...content));
    const ofRule = (title, ...content) => { part(title, ...content); out[out.length - 1].className = "of-rule"; };
    if (f.k) out.push(frame(f.k, "Code at " + place(f)));
    if (f.t) {
      part("The way there", make("ol", { class: "steps" }, ...f.t.map((s, i) => make("li", {}, make("div", {}, i + 1 + ". ", ...inline(s.m)), make("div", { class: "place" }, s.w), s.k ? frame(s.k, "Code of step " + (i + 1)) : ""))));
    }
    if (f.q) part("Silenced", make("p", { class: "text" }, make("code", {}, f.q)));
    if (r.why) ofRule("Why it matters", prose(r.why));
    if (r.mend) part("Instead", prose(r.mend));
    if (f.f) part(f.f.safe ? "Fix: does the same but for the weakness" : "Fix: check that it still does what it should", diff(f.f));
    if (r.bad || r.good) {
      out.push(make("div", { class: "pair of-rule" },
        r.bad ? make("div", {}, make("h4", {}, "Bad"), make("pre", { tabindex: "0" }, r.bad)) : "",
        r.good ? make("div", {}, make("h4", {}, "Good"), make("pre", { tabindex: "0" }, r.good)) : ""));
    }
    if (r.std.length) {
      ofRule("Standards", make("div", { class: "chips" }, ...r.std.map((c) => {
        const control = data.controls[c];
        return make("button", { type: "button", title: control.title, onclick: () => change({ std: control.ref }) }, control.ref);
      })));
    }
    if (r.refs.length) ofRule("Read on", make("ul", { class: "text" }, ...r.refs.map((u) => make("li", {}, link(u)))));
    ofRule("To silence it", make("pre", { tabindex: "0" }, "# wadjet: ignore[" + r.id + "] why it does no harm here"));
    const facts = ["confidence " + confidences[f.c], ...r.cwe];
    if (f.o) facts.push("in " + f.o + " code");
    if (r.names) facts.push("known as " + r.names);
    if (f.g) facts.push("also found by " + f.g.join(", "));
    facts.push("fingerprint " + f.h);
    out.push(make("p", { class: "facts" }, facts.join(" · ")));
    return out;
  };

  const row = (f, n) => {
    const r = f.rule;
    const sev = severities[f.s];
    const id = "d" + f.i;
    const box = make("div", { class: "detail", id: id });
    box.hidden = true;
    const head = make("button", { type: "button", class: "head", "aria-expanded": "false", "aria-controls": id },
      make("span", { class: "badge " + sev }, capital(sev)),
      make("span", { class: "title" }, r.title), make("span", { class: "id" }, r.title === r.id ? "" : r.id),
      make("span", { class: "place" }, place(f) + (f.x ? " in " + f.x : "")),
      make("span", { class: "message" }, ...inline(f.m)));
    const node = make("article", { class: "finding" + (f.q ? " silenced" : ""), "data-n": n }, make("h3", {}, head), box);
    head.addEventListener("click", () => { current = n; toggle(node, f); });
    if (openAll || opened.has(f.i)) toggle(node, f, true);
    return node;
  };

  const toggle = (node, f, to) => {
    const head = node.querySelector(".head");
    const box = node.querySelector(".detail");
    const open = to === undefined ? box.hidden : to;
    if (open && !box.firstChild) box.append(...detail(f));
    box.hidden = !open;
    head.setAttribute("aria-expanded", String(open));
    if (open) opened.add(f.i); else opened.delete(f.i);
  };

  // --- the list: as many rows as are looked at

  const list = byId("list");
  const more = () => {
    const to = Math.min(rendered + STEP, matched.length);
    const part = document.createDocumentFragment();
    for (; rendered < to; rendered++) part.append(row(matched[rendered], rendered));
    list.append(part);
    byId("more").hidden = rendered >= matched.length;
  };

  const draw = () => {
    const sifted = sift();
    matched = state.order ? sifted.passed.slice().sort(orders[state.order]) : sifted.passed;
    rendered = 0;
    current = -1;
    list.replaceChildren();
    more();
    const all = findings.reduce((n, f) => n + (f.q && !state.silenced ? 0 : 1), 0);
    byId("count").textContent = matched.length === all ? plural(all, "finding") : number(matched.length) + " of " + plural(all, "finding");
    if (!matched.length && all) byId("count").textContent += ": the filters leave nothing";
    const areas = tally(sifted.without("area"), (f) => f.rule.area);
    const ruleIDs = tally(sifted.without("rule"), (f) => f.rule.id);
    charts(sifted, areas, ruleIDs);
    choices(areas, ruleIDs);
    severityButtons();
    remember();
  };

  // --- charts: they show what the filters leave, and filter

  const tally = (items, key) => {
    const counts = new Map();
    for (const f of items) {
      const k = key(f);
      counts.set(k, (counts.get(k) || 0) + 1);
    }
    return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  };
  const folder = (f) => { const i = f.p.lastIndexOf("/"); return i < 0 ? "./" : f.p.slice(0, i + 1); };

  // shorten keeps the end of a path, which tells it from its neighbours.
  const shorten = (p) => {
    const parts = p.split("/");
    let short = parts.pop();
    while (parts.length && short.length + parts[parts.length - 1].length < 30) short = parts.pop() + "/" + short;
    return parts.length ? "…/" + short : short;
  };

  const bars = (title, rows, pressed, click, few) => {
    const most = Math.max(1, ...rows.map((r) => r[1]));
    const items = rows.map(([name, n, tone, shown]) => make("li", {}, make("button", { type: "button", "aria-pressed": String(pressed(name)), title: shown && shown !== name && !few ? name : undefined, class: tone || undefined, onclick: () => click(name) },
      make("span", { class: "name" }, shown || name),
      svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, svg("rect", { width: (100 * n) / most, height: 10 })),
      make("span", { class: "number" }, number(n)))));
    return make("div", {}, make("h2", {}, title), make("ul", { class: few ? "bars few" : "bars" }, ...items));
  };

  const charts = (sifted, areas, ruleIDs) => {
    const bySev = new Map(tally(sifted.without("sev"), (f) => f.s));
    const counts = [4, 3, 2, 1].map((s) => [s, bySev.get(s) || 0]);
    const total = counts.reduce((n, c) => n + c[1], 0) || 1;
    const stack = svg("svg", { class: "stack", viewBox: "0 0 100 10", preserveAspectRatio: "none", role: "img", "aria-label": "Severities: " + counts.map(([s, n]) => n + " " + severities[s]).join(", ") });
    let x = 0;
    for (const [s, n] of counts) {
      stack.append(svg("rect", { class: severities[s], x: (100 * x) / total, width: (100 * n) / total, height: 10 }));
      x += n;
    }
    const only = (s) => state.sev.size === 1 && state.sev.has(s);
    const bySeverity = bars("Severity", counts.map(([s, n]) => [s, n, severities[s], capital(severities[s])]), only, (s) => change({ sev: only(s) ? new Set([1, 2, 3, 4]) : new Set([s]) }), true);
    bySeverity.querySelector("h2").after(stack);
    const byArea = bars("Areas", areas.slice(0, 6), (a) => state.area === a, (a) => change({ area: state.area === a ? "" : a }), false);
    bySeverity.append(make("br"), ...byArea.childNodes);
    byId("overview").replaceChildren(
      bySeverity,
      bars("Rules with the most findings", ruleIDs.slice(0, 12), (r) => state.rule === r, (r) => change({ rule: state.rule === r ? "" : r })),
      bars("Folders with the most findings", tally(sifted.without("path"), folder).slice(0, 12).map(([p, n]) => [p, n, "", shorten(p)]), (p) => state.path === p, (p) => change({ path: state.path === p ? "" : p })));
  };

  // --- the form

  const fill = (box, first, rows, value) => {
    box.replaceChildren(make("option", { value: "" }, first), ...rows.map(([v, text]) => make("option", { value: v }, text)));
    box.value = value;
    if (box.value !== value) { box.append(make("option", { value: value }, value)); box.value = value; }
  };
  const choices = (areas, ruleIDs) => {
    fill(byId("area"), "all", areas.map(([a, n]) => [a, a + " (" + number(n) + ")"]), state.area);
    fill(byId("rule"), "all", ruleIDs.sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([r, n]) => [r, r + " (" + number(n) + ")"]), state.rule);
    fill(byId("confidence"), "any", [["2", "medium and high"], ["3", "high"]], state.conf);
    fill(byId("standard"), "any", data.standards.map((s, i) => [i + ":*", s.name]).concat(state.std && !state.std.endsWith(":*") ? [[state.std, state.std]] : []), state.std);
    fill(byId("order"), "worst first", [["path", "by path"], ["rule", "by rule"]], state.order);
  };
  const severityButtons = () => {
    for (const b of byId("severities").querySelectorAll("button")) b.setAttribute("aria-pressed", String(state.sev.has(Number(b.value))));
  };
  for (const s of [4, 3, 2, 1]) {
    byId("severities").append(make("button", { type: "button", value: s, class: severities[s], onclick: () => {
      const to = new Set(state.sev);
      if (to.has(s)) to.delete(s); else to.add(s);
      change({ sev: to.size ? to : new Set([1, 2, 3, 4]) });
    } }, capital(severities[s])));
  }

  const change = (what) => {
    Object.assign(state, what);
    for (const name of ["q", "path"]) if (byId(name).value !== state[name]) byId(name).value = state[name];
    byId("silenced").checked = state.silenced;
    draw();
  };
  const clear = () => change({ q: "", sev: new Set([1, 2, 3, 4]), area: "", rule: "", path: "", conf: "", std: "", order: "", silenced: false });

  let waiting = 0;
  for (const name of ["q", "path"]) {
    byId(name).addEventListener("input", (e) => {
      state[name] = e.target.value.trim();
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(draw);
    });
  }
  for (const [id, name] of [["area", "area"], ["rule", "rule"], ["confidence", "conf"], ["standard", "std"], ["order", "order"]]) {
    byId(id).addEventListener("change", (e) => change({ [name]: e.target.value }));
  }
  byId("silenced").addEventListener("change", (e) => change({ silenced: e.target.checked }));
  byId("silenced-label").hidden = !findings.some((f) => f.q);
  byId("filters").addEventListener("submit", (e) => e.preventDefault());
  byId("clear").addEventListener("click", clear);
  const expand = () => {
    openAll = !openAll;
    if (!openAll) opened.clear();
    byId("expand").setAttribute("aria-pressed", String(openAll));
    byId("expand").textContent = openAll ? "Close all" : "Open all";
    for (const node of list.children) toggle(node, matched[Number(node.dataset.n)], openAll);
  };
  byId("expand").addEventListener("click", expand);
  byId("more").firstElementChild.addEventListener("click", more);
  new IntersectionObserver((seen) => { if (seen.some((s) => s.isIntersecting)) more(); }, { rootMargin: "800px" }).observe(byId("more"));

  // --- the address keeps the filters, so that a view can be sent to someone

  const words = { q: "q", area: "area", rule: "rule", path: "path", conf: "confidence", std: "standard", order: "order" };
  const remember = () => {
    const p = new URLSearchParams();
    for (const [name, word] of Object.entries(words)) if (state[name]) p.set(word, state[name]);
    if (state.sev.size < 4) p.set("severity", [...state.sev].sort().map((s) => severities[s]).join(","));
    if (state.silenced) p.set("silenced", "1");
    try { history.replaceState(null, "", "#" + p); } catch (e) { /* a page within a page may not */ }
  };
  const recall = () => {
    const p = new URLSearchParams(location.hash.slice(1));
    for (const [name, word] of Object.entries(words)) state[name] = p.get(word) || "";
    if (!(state.order in orders)) state.order = "";
    if (state.std && !controlOf.has(state.std) && !(state.std.endsWith(":*") && data.standards[Number(state.std.slice(0, -2))])) state.std = "";
    const sev = (p.get("severity") || "").split(",").map((s) => severities.indexOf(s)).filter((s) => s > 0);
    state.sev = new Set(sev.length ? sev : [1, 2, 3, 4]);
    state.silenced = p.get("silenced") === "1";
    const wanted = p.get("finding");
    change({});
    if (wanted) {
      const n = matched.findIndex((f) => f.h === wanted);
      if (n >= 0) { go(n); toggle(list.children[n], matched[n], true); }
    }
  };
  window.addEventListener("hashchange", () => { if (location.hash.includes("=")) recall(); }); // the others lead to a place in the page

  // --- keys

  const go = (n) => {
    if (n < 0 || n >= matched.length) return;
    while (rendered <= n) more();
    current = n;
    const node = list.children[n];
    node.scrollIntoView({ block: "nearest" });
    node.querySelector(".head").focus({ preventScroll: true });
  };
  const themes = ["", "light", "dark"];
  const theme = () => {
    const root = document.documentElement;
    const next = themes[(themes.indexOf(root.dataset.theme || "") + 1) % 3];
    root.dataset.theme = next;
    byId("theme").textContent = next ? "Theme: " + next : "Theme";
    try { localStorage.setItem("wadjet-theme", next); } catch (e) { /* not from a file, in some browsers */ }
  };
  try { document.documentElement.dataset.theme = localStorage.getItem("wadjet-theme") || ""; } catch (e) { /* the same */ }
  byId("theme").addEventListener("click", theme);
  byId("help").addEventListener("click", () => byId("keys").showModal());
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.metaKey || e.altKey || byId("keys").open) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName) && e.target.type !== "checkbox";
    if (typing) {
      if (e.key === "Escape") e.target.blur();
      return;
    }
    const on = e.target.closest && e.target.closest(".finding");
    if (on) current = Number(on.dataset.n);
    switch (e.key) {
      case "/": byId("q").focus(); byId("q").select(); break;
      case "j": go(current + 1); break;
      case "k": go(Math.max(0, current - 1)); break;
      case "e": expand(); break;
      case "c": clear(); break;
      case "t": theme(); break;
      case "?": byId("keys").showModal(); break;
      default: return; // Enter opens the finding in focus: it is a button
    }
    e.preventDefault();
  });

  // --- what closes a report

  const s = data.summary;
  const verdict = () => {
    const box = byId("verdict");
    const shown = findings.filter((f) => !f.q).length;
    const lost = data.incidents.filter((i) => i.lost || i.blind);
    const blind = s.files === 0 || s.rules === 0 || data.incidents.some((i) => i.blind);
    const said = [];
    if (s.gated) { box.className = "gated"; said.push(plural(s.gated, "finding") + (s.gated === 1 ? " is " : " are ") + s.over); }
    else if (blind) { box.className = "blind"; said.push(s.files === 0 || s.rules === 0 ? "Nothing was analysed" : "Not all was looked at"); }
    else said.push(shown ? "No finding is " + s.over : "No findings");
    box.append(make("p", {}, make("strong", {}, said[0])));
    const rest = [plural(shown, "finding"), plural(s.files, "file"), plural(s.lines, "line"), plural(s.rules, "rule"), "profile " + s.profile];
    if (s.suppressed) rest.push(number(s.suppressed) + " silenced by comments");
    if (s.known) rest.push(number(s.known) + " known before");
    box.append(make("p", {}, rest.join(" · "), lost.length ? " · " : "", lost.length ? make("a", { href: "#coverage" }, plural(lost.length, "place") + " not analysed") : ""));
  };

  const sheet = (heads, rows) => make("div", { class: "sheet" }, make("table", {},
    make("thead", {}, make("tr", {}, ...heads.map((h, i) => make("th", { scope: "col", class: i > 0 && h !== "What it asks, in our words" ? "n" : "" }, h)))),
    make("tbody", {}, ...rows)));

  const standards = () => {
    const box = byId("standards");
    if (!data.standards.length) { box.hidden = true; return; }
    box.append(make("h2", { id: "standards-title" }, "Standards"),
      make("p", { class: "facts" }, "What published standards ask, how many rules of this scan watch it, and how many findings break it. That nothing was found does not say that it is met: much of it is about more than code."));
    const counts = new Array(data.controls.length).fill(0);
    for (const f of findings) if (!f.q) for (const c of f.rule.std) counts[c]++;
    data.standards.forEach((std) => {
      let broken = 0;
      for (let c = std.from; c < std.to; c++) if (counts[c]) broken++;
      const list = make("div");
      const node = make("details", {}, make("summary", {}, std.name, make("span", { class: "sum" }, " · " + (broken ? plural(broken, "demand") + " with findings" : "no findings") + " · " + number(std.to - std.from) + " watched")), list);
      node.addEventListener("toggle", () => {
        if (!node.open || list.firstChild) return;
        const rows = [];
        for (let c = std.from; c < std.to; c++) {
          const control = data.controls[c];
          const n = counts[c] ? make("button", { type: "button", "aria-label": plural(counts[c], "finding") + " that break " + control.ref, onclick: () => { change({ std: control.ref }); byId("findings").scrollIntoView(); } }, number(counts[c])) : "0";
          rows.push(make("tr", {}, make("td", {}, control.id), make("td", {}, control.title), make("td", { class: "n" }, number(control.rules)), make("td", { class: "n" }, n)));
        }
        list.append(sheet(["Demand", "What it asks, in our words", "Rules", "Findings"], rows), make("p", { class: "facts" }, link(std.url)));
      });
      box.append(node);
    });
  };

  const coverage = () => {
    const box = byId("coverage");
    box.append(make("h2", { id: "coverage-title" }, "What was looked at, and what was not"));
    const items = [];
    for (const a of s.areas) {
      items.push(make("li", {}, make("strong", {}, a.name), ": ", make("span", { class: a.ran ? "ran" : "not" }, a.ran ? "looked at" : "not looked at"), a.note ? ": " + a.note : ""));
    }
    for (const [reason, n] of Object.entries(s.hidden)) items.push(make("li", {}, number(n) + " not shown: " + reason));
    for (const n of s.notes) items.push(make("li", {}, n));
    box.append(make("ul", {}, ...items));
    if (data.incidents.length) {
      const lost = data.incidents.filter((i) => i.lost || i.blind).length;
      const rows = data.incidents.map((i) => make("li", {}, i.lost || i.blind ? make("span", { class: "lost" }, "not analysed: ") : "", i.path ? make("code", {}, i.path + (i.line ? ":" + i.line : "")) : "", " ", ...inline(i.message)));
      const node = make("details", {}, make("summary", {}, "To know", make("span", { class: "sum" }, " · " + plural(data.incidents.length, "remark") + (lost ? " · " + number(lost) + " not analysed" : ""))), make("ul", {}, ...rows));
      node.open = lost > 0;
      box.append(node);
    }
    if (s.skipped.length) {
      box.append(make("details", {}, make("summary", {}, "Left out on purpose", make("span", { class: "sum" }, " · " + number(s.skipped.reduce((n, k) => n + k.count, 0)))),
        make("ul", {}, ...s.skipped.map((k) => make("li", {}, number(k.count) + " " + k.reason + (k.paths.length ? ": " + k.paths.join(", ") + (k.paths.length < k.count ? ", …" : "") : ""))))));
    }
  };

  // A printed report has what the filters leave, with its code, as far as that is bearable.
  let before = null;
  window.addEventListener("beforeprint", () => {
    before = new Set(opened);
    while (rendered < Math.min(matched.length, 500)) more();
    for (const node of list.children) toggle(node, matched[Number(node.dataset.n)], true);
  });
  window.addEventListener("afterprint", () => {
    for (const node of list.children) { const f = matched[Number(node.dataset.n)]; toggle(node, f, openAll || before.has(f.i)); }
  });

  // What a search looks through is made while nobody waits.
  const prepare = (from) => (deadline) => {
    let i = from;
    while (i < findings.length && deadline.timeRemaining() > 1) haystack(findings[i++]);
    if (i < findings.length) requestIdleCallback(prepare(i));
  };
  if (window.requestIdleCallback) requestIdleCallback(prepare(0));

  byId("app").hidden = false;
  byId("tools").hidden = false;
  verdict();
  standards();
  coverage();
  recall();
})();
