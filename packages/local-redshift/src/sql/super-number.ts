import { SqlError } from "./sql-error.ts";
import { isFloatNumber, numberText, type SuperDecimal, type SuperNumber } from "./super-document.ts";

/**
 * Arithmetic on numbers of SUPER: the scale of a result comes from the scales of the operands; with a floating point number the result
 * is one. Overflow is an error and not NULL. Source: Database Developer Guide, operators-functions.
 */
export function calculateNumbers(operator: string, a: SuperNumber, b: SuperNumber): SuperNumber {
  if (isFloatNumber(a) || isFloatNumber(b)) return floats(operator, asFloat(a), asFloat(b));
  switch (operator) {
    case "+":
    case "-": {
      const scale = Math.max(a.scale, b.scale);
      const [x, y] = [scaled(a, scale), scaled(b, scale)];
      return bounded({ digits: operator === "+" ? x + y : x - y, scale }, scale);
    }
    case "*":
      return bounded({ digits: a.digits * b.digits, scale: a.scale + b.scale }, Math.max(a.scale, b.scale));
    case "/":
      return quotient(a, b);
    default: {
      if (b.digits === 0n) throw divisionByZero();
      const scale = Math.max(a.scale, b.scale);
      return bounded({ digits: scaled(a, scale) % scaled(b, scale), scale }, scale);
    }
  }
}

const roundings: Readonly<Record<string, (value: SuperDecimal) => SuperDecimal>> = {
  abs: (value) => ({ ...value, digits: absolute(value.digits) }),
  ceil: (value) => ({ digits: -floor({ ...value, digits: -value.digits }), scale: 0 }),
  floor: (value) => ({ digits: floor(value), scale: 0 }),
  negate: (value) => ({ ...value, digits: -value.digits }),
  round: (value) => ({ digits: rescaled(value, 0), scale: 0 }),
  sign: (value) => ({ digits: value.digits === 0n ? 0n : value.digits / absolute(value.digits), scale: 0 }),
  trunc: (value) => ({ digits: value.digits / 10n ** BigInt(value.scale), scale: 0 }),
};

const floatRoundings: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  negate: (value) => -value,
  round: (value) => Math.sign(value) * Math.round(Math.abs(value)),
  sign: Math.sign,
  trunc: Math.trunc,
};

/** ABS, CEIL, FLOOR, ROUND, SIGN, TRUNC and the unary minus; all but ABS and minus take the scale away. */
export function changeNumber(name: string, value: SuperNumber): SuperNumber {
  if (isFloatNumber(value)) return { float: floatRoundings[name]!(value.float) };
  return roundings[name]!(value);
}

/** How many digits a decimal has, those before and those after the point. */
export function precisionOf(value: SuperDecimal): number {
  return Math.max(String(absolute(value.digits)).length, value.scale, 1);
}

function floats(operator: string, a: number, b: number): SuperNumber {
  if ((operator === "/" || operator === "%") && b === 0) throw divisionByZero();
  const results = { "+": a + b, "-": a - b, "*": a * b, "/": a / b, "%": a % b };
  const float = results[operator as keyof typeof results];
  if (!Number.isFinite(float)) throw new SqlError("Numeric data overflow (result precision)");
  return { float };
}

const asFloat = (value: SuperNumber) => (isFloatNumber(value) ? value.float : Number(numberText(value)));

/** Source for the scale: Database Developer Guide, r_numeric_computations201. Whole numbers divide as decimals too (UNCONFIRMED). */
function quotient(a: SuperDecimal, b: SuperDecimal): SuperDecimal {
  if (b.digits === 0n) throw divisionByZero();
  const scale = Math.max(4, a.scale + precisionOf(b) - b.scale + 1);
  const shift = scale + b.scale - a.scale;
  const [numerator, denominator] =
    shift >= 0 ? [a.digits * 10n ** BigInt(shift), b.digits] : [a.digits, b.digits * 10n ** BigInt(-shift)];
  return bounded({ digits: divideRounded(numerator, denominator), scale }, 4);
}

/** Takes digits after the point away until 38 remain; below `leastScale` that is an overflow. */
function bounded(value: SuperDecimal, leastScale: number): SuperDecimal {
  const excess = precisionOf(value) - 38;
  if (excess <= 0) return value;
  const scale = value.scale - excess;
  if (scale < Math.min(leastScale, value.scale)) throw new SqlError("Numeric data overflow (result precision)");
  return { digits: rescaled(value, scale), scale };
}

const scaled = (value: SuperDecimal, scale: number) => value.digits * 10n ** BigInt(scale - value.scale);

const rescaled = (value: SuperDecimal, scale: number) =>
  divideRounded(value.digits, 10n ** BigInt(value.scale - scale));

/** Half is rounded away from zero. */
function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const sign = numerator < 0n === denominator < 0n ? 1n : -1n;
  const [n, d] = [absolute(numerator), absolute(denominator)];
  return sign * ((2n * n + d) / (2n * d));
}

function floor(value: SuperDecimal): bigint {
  const unit = 10n ** BigInt(value.scale);
  const whole = value.digits / unit;
  return value.digits % unit < 0n ? whole - 1n : whole;
}

const absolute = (value: bigint) => (value < 0n ? -value : value);

const divisionByZero = () => new SqlError("division by zero");
