/** Welch's t of two samples, and their means: how far apart these are in units of their noise. */
export function welch(
  left: readonly number[],
  right: readonly number[],
): { t: number; means: [number, number] } {
  const [a, b] = [momentsOf(left), momentsOf(right)];
  const t = (a.mean - b.mean) / Math.sqrt(a.variance / left.length + b.variance / right.length);
  return { t, means: [a.mean, b.mean] };
}

/** Without the slowest twentieth: a pause of the machine tells nothing of the code, and would drown what does. */
export function withoutOutliers(sample: readonly number[]): number[] {
  return [...sample].sort((a, b) => a - b).slice(0, Math.ceil(sample.length * 0.95));
}

function momentsOf(sample: readonly number[]): { mean: number; variance: number } {
  const mean = sample.reduce((sum, each) => sum + each, 0) / sample.length;
  const variance = sample.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (sample.length - 1);
  return { mean, variance };
}
