/** Numbers as people read them. */

/** 25557032 as "25,557,032", or with another mark: "25_557_032", as the language writes it. */
export function grouped(value: number, mark = ","): string {
  return String(value).replace(/(?<!\.\d*)\B(?=(\d{3})+(?!\d))/g, mark);
}

const units = [
  [1e15, "P"],
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
] as const;

/** 4089184256 as "4.09 G": three digits and a unit. */
export function scaled(value: number): string {
  // What would round to 1000 of a unit is 1.00 of the next.
  const unit = units.find(([size]) => value >= size * 0.9995);
  if (unit === undefined) return String(value);
  const number = value / unit[0];
  return `${number.toFixed(number < 9.995 ? 2 : number < 99.95 ? 1 : 0)} ${unit[1]}`;
}

/** A pace in three digits: 4.07, 60.5, 1,360. */
export function pace(value: number): string {
  return value >= 999.5 ? grouped(Number(value.toPrecision(3))) : value.toPrecision(3);
}

/** 123456 bytes as "123 kB". */
export function bytes(value: number): string {
  return value < 1000 ? `${value} B` : `${scaled(value)}B`;
}

/** Seconds as "3.2 s", "48 s", "4 min 05 s" or "2 h 03 min". */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number): string => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** 0.9876 as "98.8%". */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}

/** "1 error", "2 errors". */
export function counted(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** A loss with so many digits: after the point from 0.1 on, of its own below; with a power of ten where it is very large or small. */
export function lossText(loss: number, digits = 3): string {
  if (loss >= 1e6 || (loss > 0 && loss < 1e-4)) return loss.toExponential(digits - 1);
  return loss > 0 && loss < 0.1 ? loss.toPrecision(digits) : loss.toFixed(digits);
}
