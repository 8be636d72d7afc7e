/** Response times in microseconds, kept in buckets that grow with the value: an error of at most 0.2 %. */
const EXACT = 1024;
const STEPS = EXACT / 2;
const BUCKETS = 64 * 1024;

export function createHistogram() {
  const buckets = new Uint32Array(BUCKETS);
  let count = 0;
  let max = 0;
  return {
    get count() {
      return count;
    },
    get max() {
      return max;
    },
    clear() {
      buckets.fill(0);
      count = 0;
      max = 0;
    },
    add(value) {
      buckets[Math.min(bucketOf(value), BUCKETS - 1)]++;
      count++;
      if (value > max) max = value;
    },
    /** The value that this share of all is not above. */
    quantile(share) {
      let left = Math.floor(share * count);
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        left -= buckets[bucket];
        if (left < 0) return leastOf(bucket);
      }
      return max;
    },
  };
}

function bucketOf(value) {
  if (value < EXACT) return value;
  const shift = 22 - Math.clz32(value);
  return EXACT + (shift - 1) * STEPS + ((value >>> shift) - STEPS);
}

function leastOf(bucket) {
  if (bucket < EXACT) return bucket;
  const shift = Math.floor((bucket - EXACT) / STEPS) + 1;
  return (((bucket - EXACT) % STEPS) + STEPS) * 2 ** shift;
}
