// "用地面积=30;实缴税收=1", as in the address: by name of the field.
export type Terms = Record<string, string>;
export const readTerms = (text: string): Terms =>
  Object.fromEntries(
    text
      .split(';')
      .map((part) => part.split('='))
      .filter((part) => part.length === 2),
  ) as Terms;
export const writtenTerms = (terms: Terms): string =>
  Object.entries(terms)
    .filter(([, value]) => value.trim() !== '')
    .map(([field, value]) => `${field}=${value.trim()}`)
    .join(';');
