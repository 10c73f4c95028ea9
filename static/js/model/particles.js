/** Chooses the Korean particle that fits the word before it: `회의을(를)` is said `회의를`. */

const PAIRS = { '을(를)': ['을', '를'], '이(가)': ['이', '가'], '은(는)': ['은', '는'], '과(와)': ['과', '와'], '(으)로': ['으로', '로'] };
const PATTERN = /([\p{L}\p{N}:]*)([’”"')\]]*)(을\(를\)|이\(가\)|은\(는\)|과\(와\)|\(으\)로)/gu;
const RIEUL = 8;
/** How the digits from 0 end when they are read: 영, 일, 이, 삼, … */
const DIGITS = [21, RIEUL, 0, 16, 0, 0, 1, RIEUL, RIEUL, 0];
/** Latin letters whose names end in a consonant: L (엘), M (엠), N (엔), R (알). */
const LETTERS = { l: RIEUL, m: 16, n: 4, r: RIEUL };

/** @param {string} text @returns {string} with both forms left where nobody can tell how the word is read */
export function withParticles(text) {
  return text.replace(PATTERN, (whole, word, quote, pair) => {
    const end = endingOf(word);
    if (end === null) return whole;
    const [closed, open] = PAIRS[pair];
    return `${word}${quote}${end === 0 || (end === RIEUL && pair === '(으)로') ? open : closed}`;
  });
}

/** @param {string} word @returns {number|null} its final consonant as Unicode counts them, 0 for none, null where it cannot be told */
function endingOf(word) {
  if (/\d:\d\d$/.test(word)) return word.endsWith(':00') ? 0 : 4; // …시, …분
  const last = word.at(-1)?.normalize('NFC').toLowerCase() ?? '';
  if (last >= '가' && last <= '힣') return (last.charCodeAt(0) - 0xac00) % 28;
  if (last >= '0' && last <= '9') return DIGITS[Number(last)];
  return last >= 'a' && last <= 'z' ? (LETTERS[last] ?? 0) : null;
}
