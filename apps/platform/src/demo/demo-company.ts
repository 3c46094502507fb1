/** The demo company: what `npm start` shows on its first start. It holds no real person's data. */
export const demoCompany = {
  email: 'dona@padaria-estrela.example',
  password: 'bom-dia-pao-quente',
  name: 'Dona da Padaria',
  tenant: { name: 'Padaria Estrela Ltda', subdomain: 'padaria-estrela' },
} as const;
