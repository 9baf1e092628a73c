// Making nodes. Text goes in as text nodes and attributes one by one: nothing here parses HTML or sets a style string.

/** An element; `on...` attributes are listeners, null and false leave an attribute out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

// Drawn here: not every system has a font with these signs. All on a 24 x 24 grid, stroked.
const ICONS = {
  chat: ["M5 18.5V21l3.6-2.5H16a5 5 0 0 0 5-5V9a5 5 0 0 0-5-5H8a5 5 0 0 0-5 5v4.5a5 5 0 0 0 2 4z", "M8.5 11.3h.01M12 11.3h.01M15.5 11.3h.01"],
  close: ["M6 6l12 12M18 6L6 18"],
  down: ["M6 9.5l6 6 6-6"],
  more: ["M5.5 12h.01M12 12h.01M18.5 12h.01"],
  send: ["M12 19V5M6 11l6-6 6 6"],
  mic: ["M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3z", "M5.5 11a6.5 6.5 0 0 0 13 0M12 17.5V21"],
  thumb: ["M3.5 10.5h3.5v10H3.5zM7 19.5l2.5 1h7.6a2 2 0 0 0 2-1.6l1.3-6.5a2 2 0 0 0-2-2.4H14l.8-4.4A2 2 0 0 0 12.9 3L9.6 9.3 7 11"],
  previous: ["M14.5 6l-6 6 6 6"],
  next: ["M9.5 6l6 6-6 6"],
  outside: ["M9 6h9v9M18 6L6.5 17.5"],
  download: ["M12 4v11M7 10.5l5 5 5-5M5 20h14"],
  sound: ["M4 9.5v5h3.5L12 19V5L7.5 9.5zM15.5 9a4 4 0 0 1 0 6M18 6.5a7.5 7.5 0 0 1 0 11"],
  again: ["M4.5 12a7.5 7.5 0 1 1 2.2 5.3M4.5 19v-5h5"],
  globe: ["M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM3 12h18M12 3c3.2 3 3.2 15 0 18M12 3c-3.2 3-3.2 15 0 18"],
  parcel: ["M4 8l8-4.5L20 8v8.5L12 21l-8-4.5zM4 8l8 4.5L20 8M12 12.5V21"],
  cup: ["M5 9h11v5.5a5 5 0 0 1-5 5h-1a5 5 0 0 1-5-5zM16 10.5h1.5a2.5 2.5 0 0 1 0 5H16M8.5 3.5c-1 1.2 1 1.8 0 3M12.5 3.5c-1 1.2 1 1.8 0 3"],
  person: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-4 3.8-5.5 7.5-5.5s6.7 1.5 7.5 5.5"],
};

const SVG = "http://www.w3.org/2000/svg";

/** A drawing by name, hidden from screen readers: its button says what it does. */
export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  picture.setAttribute("class", `icon icon-${name}`);
  for (const d of ICONS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    picture.append(path);
  }
  return picture;
}

/** A button that shows a drawing and is called `label`. */
export function iconButton(name, label, className, onclick) {
  return element("button", { type: "button", class: className, "aria-label": label, title: label, onclick }, icon(name));
}
