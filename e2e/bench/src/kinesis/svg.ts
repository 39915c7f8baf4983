/** A node of a drawing, already text. */
export type Svg = string;

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element with attributes (`undefined` ones left out) and children. */
export function element(name: string, attributes: Attributes, ...children: readonly Svg[]): Svg {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? round(value) : escape(String(value))}"`)
    .join("");
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join("")}</${name}>`;
}

/** Text with its baseline at `y`. */
export function label(x: number, y: number, text: string, attributes: Attributes = {}): Svg {
  return element("text", { x, y, ...attributes }, escape(text));
}

/** A whole drawing on a white sheet, so that it reads the same on a dark page. `title` is what a screen reader says. */
export function drawing(width: number, height: number, title: string, ...children: readonly Svg[]): string {
  const sheet = element("rect", { width, height, rx: 8, fill: "#ffffff", stroke: "#d8dee4" });
  return `${element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "img",
      "font-family": "system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif",
    },
    element("title", {}, escape(title)),
    sheet,
    ...children,
  )}\n`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
