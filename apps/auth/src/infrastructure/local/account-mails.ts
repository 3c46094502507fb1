import { Mail } from '../../application/members/mailer';

/** What people read about their account, in Portuguese. */
export const accountMails = {
  confirmation: (to: string, code: string, minutes: number): Mail => ({
    to,
    subject: 'Confirme seu e-mail na MoneyFlow',
    text: `Olá!

Para confirmar que este e-mail é seu, digite o código abaixo na MoneyFlow:

    ${code}

O código vale por ${minutes} minutos e só pode ser usado uma vez.
Se você não criou uma conta, ignore esta mensagem.

Equipe MoneyFlow
`,
  }),

  reset: (to: string, code: string, minutes: number): Mail => ({
    to,
    subject: 'Código para redefinir sua senha da MoneyFlow',
    text: `Olá!

Recebemos um pedido para redefinir a senha da sua conta. Digite o código abaixo na MoneyFlow:

    ${code}

O código vale por ${minutes} minutos e só pode ser usado uma vez. Ninguém da MoneyFlow pedirá este código a você.
Se não foi você quem pediu, ignore esta mensagem: sua senha continua a mesma.

Equipe MoneyFlow
`,
  }),

  passwordChanged: (to: string): Mail => ({
    to,
    subject: 'Sua senha da MoneyFlow foi alterada',
    text: `Olá!

A senha da sua conta foi alterada agora, e todas as outras sessões foram encerradas.
Se não foi você, redefina sua senha imediatamente e fale com o nosso suporte.

Equipe MoneyFlow
`,
  }),

  /** The first proof that the mailbox is theirs: they may not know what somebody did in their name before. */
  takenOver: (to: string): Mail => ({
    to,
    subject: 'Sua senha da MoneyFlow foi alterada',
    text: `Olá!

A senha da sua conta foi alterada agora, e todas as sessões foram encerradas.

Como quem criou a conta nunca tinha comprovado que este e-mail é seu, também removemos a verificação em duas etapas, os códigos de recuperação e as contas do Google vinculadas, se havia. Ative-os de novo quando entrar.
Se não foi você quem criou a conta, confira os membros e as chaves de API das empresas em que ela aparece.

Equipe MoneyFlow
`,
  }),

  googleChanged: (to: string, linked: boolean): Mail => ({
    to,
    subject: `Uma conta do Google foi ${linked ? 'vinculada à' : 'desvinculada da'} sua conta da MoneyFlow`,
    text: `Olá!

${
  linked
    ? 'Uma conta do Google foi vinculada à sua conta agora: com ela também se entra na MoneyFlow.'
    : 'A conta do Google foi desvinculada da sua conta agora, e todas as outras sessões foram encerradas.'
}
Se não foi você, altere sua senha imediatamente e fale com o nosso suporte.

Equipe MoneyFlow
`,
  }),

  secondFactorChanged: (to: string, enabled: boolean): Mail => ({
    to,
    subject: enabled
      ? 'Verificação em duas etapas ativada na MoneyFlow'
      : 'Verificação em duas etapas desativada na MoneyFlow',
    text: `Olá!

A verificação em duas etapas da sua conta foi ${enabled ? 'ativada com um novo aplicativo autenticador' : 'desativada'} agora.
Se não foi você, altere sua senha imediatamente e fale com o nosso suporte.

Equipe MoneyFlow
`,
  }),
};
