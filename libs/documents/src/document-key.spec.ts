import * as fc from 'fast-check';
import { newId } from '@libs/kernel';
import { attachment } from './content-disposition';
import { DocumentRef, documentKey } from './document-key';

describe('where a document lies', () => {
  const ref: DocumentRef = { tenantId: newId(), kind: 'receipts', id: newId() };

  it("is under its tenant's prefix, by ids alone", () => {
    expect(documentKey(ref)).toBe(`tenants/${ref.tenantId}/receipts/${ref.id}`);
  });

  it.each([
    { tenantId: '../x' },
    { tenantId: '' },
    { id: '..' },
    { id: `${newId()}/../../${newId()}` },
    { id: '%2e%2e%2f' },
    { kind: '../receipts' },
    { kind: 'a/b' },
    { kind: '' },
  ])('is never made of anything else: %p', (wrong) => {
    expect(() => documentKey({ ...ref, ...wrong } as DocumentRef)).toThrow();
  });
});

describe('the name that a document is saved under', () => {
  it('keeps accents, in the form that browsers read', () => {
    expect(attachment('não é.pdf')).toBe(
      `attachment; filename="n_o _.pdf"; filename*=UTF-8''n%C3%A3o%20%C3%A9.pdf`,
    );
  });

  it('ends neither its parameter nor the header, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
        expect(attachment(name)).toMatch(
          /^attachment; filename="[\x20\x21\x23-\x5b\x5d-\x7e]*"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]*$/,
        );
      }),
    );
  });
});
