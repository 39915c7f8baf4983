import { reservedWords } from "./reserved-words.ts";
import type { NamePart } from "./tree.ts";
import { syntaxErrorAt, tokenize, type Token } from "./tokens.ts";

/** A place in a list of tokens that moves forward. Every refusal is a syntax error at the token that did not fit. */
export class TokenCursor {
  readonly sql: string;
  /** The text is the body of a procedure, where INTO names variables. */
  readonly isProcedure: boolean;
  readonly #tokens: readonly Token[];
  #index = 0;
  #stop: string | undefined;

  constructor(sql: string, isProcedure = false) {
    this.sql = sql;
    this.isProcedure = isProcedure;
    this.#tokens = tokenize(sql);
  }

  /** The token `ahead` places from here, without taking it. */
  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#index + ahead, this.#tokens.length - 1)]!;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== "end") this.#index += 1;
    return token;
  }

  /** Offset where the token taken last ended. */
  get lastEnd(): number {
    return this.#tokens[this.#index - 1]?.end ?? 0;
  }

  /** Where the cursor is, to come back to with {@link rewind}. */
  mark(): number {
    return this.#index;
  }

  rewind(mark: number): void {
    this.#index = mark;
  }

  /** Whether these unquoted words follow. */
  isWord(...words: readonly string[]): boolean {
    return words.every((word, ahead) => this.peek(ahead).kind === "word" && this.peek(ahead).value === word);
  }

  isOperator(operator: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === "operator" && token.value === operator;
  }

  /** Takes these words if they all follow. */
  acceptWords(...words: readonly string[]): boolean {
    if (!this.isWord(...words)) return false;
    this.#index += words.length;
    return true;
  }

  /** Takes PRIOR where it is an operator: before a name, in a text with CONNECT BY. Elsewhere it is a name itself. */
  acceptPrior(): boolean {
    const next = this.peek(1);
    const isName = next.kind === "quoted" || (next.kind === "word" && !reservedWords.has(next.value));
    if (!this.isWord("prior") || !(isName || this.isOperator("(", 1)) || !this.#connectsRows) return false;
    this.#index += 1;
    return true;
  }

  get #connectsRows(): boolean {
    return this.#tokens.some((token, index) => {
      const next = this.#tokens[index + 1];
      return token.kind === "word" && token.value === "connect" && next?.kind === "word" && next.value === "by";
    });
  }

  /** Takes one of these words if it follows, and returns it. */
  acceptOneOf<Word extends string>(...words: readonly Word[]): Word | undefined {
    const found = words.find((word) => this.isWord(word));
    if (found !== undefined) this.#index += 1;
    return found;
  }

  acceptOperator(operator: string): boolean {
    if (!this.isOperator(operator)) return false;
    this.#index += 1;
    return true;
  }

  expectWords(...words: readonly string[]): void {
    for (const word of words) if (!this.acceptWords(word)) throw this.unexpected();
  }

  expectOneOf<Word extends string>(...words: readonly Word[]): Word {
    const found = this.acceptOneOf(...words);
    if (found === undefined) throw this.unexpected();
    return found;
  }

  expectOperator(operator: string): void {
    if (!this.acceptOperator(operator)) throw this.unexpected();
  }

  expectString(): string {
    if (this.peek().kind !== "string" && this.peek().kind !== "dollar-string") throw this.unexpected();
    return this.take().value;
  }

  /** A whole number, with an optional sign. */
  expectInteger(): number {
    const sign = this.acceptOperator("-") ? -1 : 1;
    const value = Number(this.peek().value);
    if (this.peek().kind !== "number" || !Number.isInteger(value)) throw this.unexpected();
    this.take();
    return sign * value;
  }

  /** A name of a column or relation: a quoted one, or a word that is not reserved. */
  expectName(): NamePart {
    const name = this.acceptName();
    if (name === undefined) throw this.unexpected();
    return name;
  }

  /** Reads something that ends before the word `stop`, which so is no alias there. */
  until<Item>(stop: string, read: () => Item): Item {
    this.#stop = stop;
    const item = read();
    this.#stop = undefined;
    return item;
  }

  acceptName(): NamePart | undefined {
    const token = this.peek();
    if (token.kind === "word" && token.value === this.#stop) return undefined;
    if (token.kind !== "quoted" && !(token.kind === "word" && !reservedWords.has(token.value))) return undefined;
    return this.#takeName();
  }

  /** A name where any word will do: after a dot or AS. */
  expectLabel(): NamePart {
    if (this.peek().kind !== "quoted" && this.peek().kind !== "word") throw this.unexpected();
    return this.#takeName();
  }

  /** `a`, `a.b`, `a.b.c`. */
  expectQualifiedName(): NamePart[] {
    const parts = [this.expectName()];
    while (this.acceptOperator(".")) parts.push(this.expectLabel());
    return parts;
  }

  /** One or more of what `read` reads, with commas between. */
  list<Item>(read: () => Item): Item[] {
    const items = [read()];
    while (this.acceptOperator(",")) items.push(read());
    return items;
  }

  /** `( … )` around what `read` reads. */
  inParentheses<Item>(read: () => Item): Item {
    this.expectOperator("(");
    const item = read();
    this.expectOperator(")");
    return item;
  }

  unexpected(token: Token = this.peek()): Error {
    return syntaxErrorAt(token.text, token.start);
  }

  #takeName(): NamePart {
    const token = this.take();
    return {
      text: token.kind === "quoted" ? token.value : token.text,
      quoted: token.kind === "quoted",
      at: token.start,
    };
  }
}
