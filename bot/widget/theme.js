// The business's colour, made readable: text on it, and the colour as text on light and on dark ground.

const LIGHT_GROUND = [255, 255, 255];
const TINTED_LIGHT = [244, 241, 237]; // the darkest light surface that coloured text stands on
const TINTED_DARK = [52, 47, 43]; // the lightest dark one
const READABLE = 4.6; // WCAG AA asks for 4.5
const NEARLY_BLACK = [27, 19, 14];

/** Sets the colour variables of `host` for a CSS colour; one that the browser does not know changes nothing. */
export function applyColour(host, colour) {
  if (!colour || !CSS.supports("color", colour)) return;
  host.style.setProperty("color", colour); // the browser reads every notation
  const own = getComputedStyle(host).color.match(/[\d.]+/g)?.slice(0, 3).map(Number);
  host.style.removeProperty("color");
  if (!own) return;
  const set = (name, value) => host.style.setProperty(`--frontdesk-${name}`, `rgb(${value.map(Math.round).join(" ")})`);
  set("color", own);
  const white = contrast(own, LIGHT_GROUND) >= READABLE || contrast(own, LIGHT_GROUND) > contrast(own, NEARLY_BLACK);
  set("on-color", white ? LIGHT_GROUND : NEARLY_BLACK);
  set("link-light", towards(own, NEARLY_BLACK, TINTED_LIGHT));
  set("link-dark", towards(own, LIGHT_GROUND, TINTED_DARK));
}

/** `colour`, mixed with `end` until it can be read on `ground`. */
function towards(colour, end, ground) {
  for (let part = 0; part < 1; part += 0.05) {
    const mixed = colour.map((value, index) => value + (end[index] - value) * part);
    if (contrast(mixed, ground) >= READABLE) return mixed;
  }
  return end;
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour) {
  const [red, green, blue] = colour.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
