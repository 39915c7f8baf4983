/** A failure as one sentence for the page. Relations that do not exist are explained: the page may open before the migrations ran. */
export function explainProblem(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).trim();
  if (/(relation|schema) .* does not exist/i.test(text)) return `${text} (the migrations have not made it yet)`;
  return text;
}
