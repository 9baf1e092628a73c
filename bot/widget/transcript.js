// The conversation as a plain text file.
import { element } from "./dom.js";
import { fill } from "./words.js";

/** The text: a heading, then a line for every entry with its time, its sources below it. */
export function transcript(entries, title, words, language) {
  const time = new Intl.DateTimeFormat(language === "zh" ? "zh-CN" : "en-GB", { dateStyle: "medium", timeStyle: "short" });
  const lines = entries.map((entry) => `[${time.format(entry.at * 1000)}] ${said(entry, words)}`);
  return [title, "=".repeat(title.length * (language === "zh" ? 2 : 1)), "", ...lines, ""].join("\r\n");
}

function said(entry, words) {
  if (entry.from === "system") return `* ${fill(words[entry.event] ?? "", entry)}`;
  const who = { customer: words.you, bot: words.bot, operator: entry.name }[entry.from];
  const sources = entry.custom?.citations ?? [];
  const quoted = sources.map((source) => `    [${source.id}] ${source.title}: ${source.quote}`);
  return [`${who}: ${(entry.text ?? "").replace(/\n/g, "\r\n    ")}`, ...quoted].join("\r\n");
}

/** Offers `text` as a download. */
export function download(text, name) {
  const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/plain;charset=utf-8" }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
