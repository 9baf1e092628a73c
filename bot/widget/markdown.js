// A safe part of Markdown as DOM nodes: bold, italic, code, links, lists, line breaks. HTML stays the text it is.
import { element } from "./dom.js";

const SCHEMES = new Set(["http:", "https:", "mailto:"]);
const MAX_DEPTH = 6;
const LIST = /^\s{0,3}(?:([-*+•])|(\d{1,3})[.)])\s+(.+)$/;
const FENCE = /^\s*```/;
// In order: code, link, bold, italic, bare address, mark of a citation. No pattern can backtrack over a long text.
const INLINE = new RegExp(
  [
    "`([^`\\n]{1,500})`",
    "\\[([^\\[\\]\\n]{1,200})\\]\\(([^()\\s]{1,1000})\\)",
    "\\*\\*(?=\\S)([^*\\n]{1,1000})\\*\\*",
    "(?<![*\\w])\\*(?=[^\\s*])([^*\\n]{1,1000})\\*(?![*\\w])",
    "(?<![_\\w])_(?=[^\\s_])([^_\\n]{1,1000})_(?![_\\w])",
    "(https?://[^\\s<>\"'，。；、）】」]{1,1000})",
    "\\[(\\d{1,3})\\]",
  ].join("|"),
  "g",
);

/** The address when a link may go there, else null: http, https, mailto and addresses relative to the page. */
export function safeAddress(address) {
  try {
    const found = new URL(address, document.baseURI);
    return SCHEMES.has(found.protocol) ? found.href : null;
  } catch {
    return null;
  }
}

/** A link; it stays in this tab where it leads to the page's own site. */
export function link(address, ...children) {
  const inside = new URL(address).origin === location.origin && !/^mailto:/i.test(address);
  return element("a", inside ? { href: address } : { href: address, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

/** `text` as nodes; `cite(number)` gives the node for [number], or null where there is no such citation. */
export function markdown(text, cite = () => null) {
  const made = document.createDocumentFragment();
  let list = null;
  let paragraph = null;
  let code = null;
  for (const line of text.replace(/\r\n?/g, "\n").split("\n")) {
    if (FENCE.test(line)) {
      code = code ? null : made.appendChild(element("pre", { tabindex: 0 }));
      list = paragraph = null;
      continue;
    }
    if (code) {
      code.append(line, "\n");
      continue;
    }
    const item = LIST.exec(line);
    if (item) {
      const tag = item[2] ? "ol" : "ul";
      if (list?.localName !== tag) list = made.appendChild(element(tag, { start: item[2] > 1 ? item[2] : null }));
      list.append(element("li", {}, ...inline(item[3], cite, 0)));
      paragraph = null;
    } else if (!line.trim()) {
      list = paragraph = null;
    } else {
      list = null;
      if (paragraph) paragraph.append(element("br"));
      else paragraph = made.appendChild(element("p"));
      paragraph.append(...inline(line, cite, 0));
    }
  }
  return made;
}

function inline(text, cite, depth) {
  if (depth > MAX_DEPTH) return [text];
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(INLINE)) {
    const made = piece(found, cite, depth);
    const before = text.slice(end, found.index);
    nodes.push(made.localName === "sup" ? before.trimEnd() : before, made);
    end = found.index + found[0].length;
  }
  return [...nodes, text.slice(end)].filter((node) => node !== "");
}

function piece([whole, code, title, address, bold, star, underline, bare, number], cite, depth) {
  const inner = (content) => inline(content, cite, depth + 1);
  if (code) return element("code", {}, code);
  if (title) return linked(address, title, whole);
  if (bold) return element("strong", {}, ...inner(bold));
  if (star || underline) return element("em", {}, ...inner(star ?? underline));
  if (bare) return bareLink(bare);
  return cite(number) ?? whole;
}

function linked(address, title, whole) {
  const safe = safeAddress(address);
  return safe ? link(safe, title) : whole;
}

function bareLink(text) {
  const address = text.replace(/[.,:;!?)\]*_]+$/, ""); // what ends a sentence is no part of the address
  const safe = safeAddress(address);
  if (!safe) return text;
  const made = document.createDocumentFragment();
  made.append(link(safe, address), text.slice(address.length));
  return made;
}
