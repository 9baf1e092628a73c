// Speech through the browser's own interface, where it has one. Nothing is recorded before the customer presses.

const TAGS = { en: "en-GB", zh: "zh-CN" };
const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;

export const canListen = Boolean(Recognition);
export const canSpeak = "speechSynthesis" in globalThis;

/** Listens once; calls back heard(text, final) and, at the end, ended(error or null). Returns a function that stops it. */
export function listen(language, heard, ended) {
  const recognition = new Recognition();
  let problem = null;
  recognition.lang = TAGS[language];
  recognition.interimResults = true;
  recognition.onresult = ({ results }) => {
    const all = [...results];
    heard(all.map((result) => result[0].transcript).join(""), all.at(-1).isFinal);
  };
  recognition.onerror = ({ error }) => { problem = error; };
  recognition.onend = () => ended(problem);
  recognition.start();
  return () => recognition.stop();
}

/** Reads `text` aloud, without the marks of Markdown and of citations. */
export function speak(text, language) {
  const said = new SpeechSynthesisUtterance(text.replace(/\[\d+\]|[*_`#]/g, "").replace(/\[([^\]]*)\]\([^)]*\)/g, "$1"));
  said.lang = TAGS[language];
  speechSynthesis.speak(said);
}

/** Stops reading. */
export function hush() {
  if (canSpeak) speechSynthesis.cancel();
}
