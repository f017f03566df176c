/** Numbers as people read them. */

/** 25557032 as "25,557,032". */
export function grouped(value: number): string {
  return value.toLocaleString("en-US");
}

/** 4089184256 as "4.089 G"; numbers below 10,000 stay as they are. */
export function scaled(value: number): string {
  const units = [
    [1e12, "T"],
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ] as const;
  if (value < 10_000) return grouped(value);
  const [size, unit] = units.find(([least]) => value >= least) ?? [1, ""];
  const number = value / size;
  return `${number.toFixed(number < 10 ? 3 : number < 100 ? 2 : 1)} ${unit}`;
}

/** 123456 bytes as "123.5 kB". */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  const power = Math.min(3, Math.floor(Math.log10(value) / 3));
  return `${(value / 1000 ** power).toFixed(1)} ${["B", "kB", "MB", "GB"][power] ?? ""}`;
}

/** Seconds as "12.3 s", "4 min 05 s" or "2 h 03 min". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : seconds.toFixed(0)} s`;
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** 0.9876 as "98.8%". */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}%`;
}
