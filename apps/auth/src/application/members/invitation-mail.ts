import { Role } from '../../domain/role';
import { Mail } from './mailer';

/** Where the link of an invitation leads. */
export class InvitationLinks {
  /** @param template a URL in which `{token}` is replaced */
  constructor(private readonly template: string) {}

  to(token: string): string {
    return this.template.replaceAll('{token}', token);
  }
}

const ROLE_NAMES: Record<Role, string> = {
  owner: 'proprietário(a)',
  admin: 'administrador(a)',
  operator: 'operador(a)',
  viewer: 'leitor(a)',
};

export function invitationMail(input: {
  to: string;
  tenantName: string;
  role: Role;
  link: string;
  expiresAt: Date;
  timeZone: string;
}): Mail {
  const company = plainName(input.tenantName);
  const until = new Intl.DateTimeFormat('pt-BR', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: input.timeZone,
  }).format(input.expiresAt);
  return {
    to: input.to,
    subject: `Convite para ${company} no MoneyFlow`,
    text: [
      'Olá!',
      '',
      `${company} convidou você para participar da conta da empresa no MoneyFlow como ${ROLE_NAMES[input.role]}.`,
      '',
      'Para aceitar, abra este endereço. Ele vale uma única vez:',
      input.link,
      '',
      `O convite vale até ${until}. Se você não esperava por ele, ignore esta mensagem: nada acontece.`,
      '',
    ].join('\n'),
  };
}

/**
 * A company chooses its own name, and mail programs make links of whatever looks like one: a name must not carry its
 * own message to a stranger.
 */
function plainName(name: string): string {
  return name
    .replace(/(?<=\S)[.:](?=\S)|[/\\@<>]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 60);
}
