// A number of fifty-three bits for words, the same for the same words.
(words) => {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < words.length; at++) {
    high = Math.imul(high ^ words.charCodeAt(at), 2654435761);
    low = Math.imul(low ^ words.charCodeAt(at), 1597334677);
  }
  return 4294967296 * (2097151 & low) + (high >>> 0);
};
