/** Whether 11 digits end in the check digits of a CPF. */
export function isCpf(digits: string): boolean {
  return /^\d{11}$/.test(digits) && !/^(\d)\1+$/.test(digits) && endsInCheckDigits(digits, 11);
}

/** Whether 14 characters end in the check digits of a CNPJ; letters are allowed since July 2026 (value = ASCII − 48). */
export function isCnpj(characters: string): boolean {
  return (
    /^[\dA-Z]{12}\d{2}$/.test(characters) && !/^(\d)\1+$/.test(characters) && endsInCheckDigits(characters, 9)
  );
}

/** Modulus 11 with weights rising from 2, right to left, back to 2 after `highest`. */
function endsInCheckDigits(characters: string, highest: number): boolean {
  for (let length = characters.length - 2; length < characters.length; length++) {
    let sum = 0;
    for (let i = 0; i < length; i++) {
      const weight = 2 + ((length - 1 - i) % (highest - 1));
      sum += (characters.charCodeAt(i) - 48) * weight;
    }
    const rest = sum % 11;
    if (characters.charCodeAt(length) - 48 !== (rest < 2 ? 0 : 11 - rest)) return false;
  }
  return true;
}
