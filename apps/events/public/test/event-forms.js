// The 19 types as a person meets them: what each is for, and believable values. The server's own table is in
// apps/events/README.md; a test sends every one of these and sees it accepted.
const visit = Date.now().toString(36);
const inDays = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const text = (name, label, value, more) => ({ name, label, value, kind: 'text', ...more });
const wide = (name, label, value) => ({ name, label, value, kind: 'text', wide: true });
const amount = (name, label, value, required) => ({ name, label, value, kind: 'amount', required });
const number = (name, label, value) => ({ name, label, value, kind: 'number' });
const day = (name, label, value) => ({ name, label, value, kind: 'day' });
const flag = (name, label, value) => ({ name, label, value, kind: 'flag' });
const list = (name, label, value) => ({ name, label, value, kind: 'list', wide: true });
const option = (name, label, value, options) => ({ name, label, value, kind: 'option', options });

const transfer = (completed) => [
  amount('amount', 'Valor (R$)', '150,50', true),
  option('transfer_type', 'Tipo', 'pix', ['pix', 'ted', 'internal']),
  option('direction', 'Sentido', 'out', ['out', 'in']),
  text('to_account', 'Conta de destino', '****1234'),
  text('transfer_id', 'Id da transferência', `transf-${visit}`),
  text('category', 'Categoria', 'moradia'),
  wide('description', 'Descrição', 'Aluguel do ponto'),
  ...(completed ? [amount('fee', 'Tarifa (R$)', '0,00')] : []),
];

const payment = (completed) => [
  amount('amount', 'Valor (R$)', '89,90', true),
  option('payment_method', 'Forma', 'pix', ['pix', 'boleto', 'card', 'debit']),
  text('merchant', 'Estabelecimento', 'Mercado da Praça'),
  text('payment_id', 'Id do pagamento', `pag-${visit}`),
  text('category', 'Categoria', 'alimentação'),
  wide('description', 'Descrição', 'Compras da semana'),
  ...(completed ? [number('installments', 'Parcelas', 1)] : [day('due_date', 'Vencimento', inDays(5))]),
];

const recharge = [
  amount('amount', 'Valor (R$)', '30,00', true),
  option('recharge_type', 'Tipo', 'mobile', ['mobile', 'transport', 'wallet']),
  text('provider', 'Operadora', 'Operadora Azul'),
  text('recharge_id', 'Id da recarga', `rec-${visit}`),
];

const goal = [
  text('goal_id', 'Id da meta', `meta-${visit}`),
  text('name', 'Nome', 'Forno novo'),
  amount('target_amount', 'Objetivo (R$)', '4800,00'),
];

const event = (type, title, about, fields, critical = false) => ({ type, title, about, fields, critical });

export const groups = [
  {
    title: 'Navegação',
    events: [
      event('page_view', 'Página vista', 'Uma página ou uma rota foi mostrada. O SDK envia sozinho.', [
        text('title', 'Título', 'Extrato'),
        text('path', 'Caminho', '/extrato'),
        number('load_time_ms', 'Carregou em (ms)', 340),
      ]),
      event('click', 'Clique', 'Um elemento foi clicado. O que foi digitado nunca vai junto.', [
        text('element', 'Elemento', 'button'),
        text('element_id', 'Id do elemento', 'novo-pix'),
        text('text', 'Rótulo', 'Novo PIX'),
        number('x', 'x', 412),
        number('y', 'y', 233),
      ]),
      event('form_submit', 'Formulário enviado', 'Só os nomes dos campos, nunca os valores.', [
        text('form_id', 'Id do formulário', 'transferencia'),
        text('form_name', 'Nome', 'Transferência'),
        list('fields', 'Campos (separados por vírgula)', 'valor, conta, descricao'),
      ]),
    ],
  },
  {
    title: 'Autenticação',
    events: [
      event('login', 'Entrada', 'Uma pessoa entrou.', [
        option('method', 'Forma', 'password', ['password', 'google', 'passkey']),
        flag('mfa', 'Segundo fator pedido', true),
        flag('success', 'Deu certo', true),
      ]),
      event('logout', 'Saída', 'Uma pessoa saiu.', [option('reason', 'Motivo', 'user', ['user', 'timeout'])]),
    ],
  },
  {
    title: 'Transferências',
    events: [
      event('transfer_initiated', 'Iniciada', 'Uma transferência começou a ser preenchida.', transfer(false)),
      event('transfer_confirmed', 'Confirmada', 'A pessoa confirmou a transferência.', transfer(false)),
      event('transfer_completed', 'Concluída', 'A transferência foi feita.', transfer(true), true),
    ],
  },
  {
    title: 'Pagamentos',
    events: [
      event('payment_initiated', 'Iniciado', 'Um pagamento começou.', payment(false)),
      event('payment_completed', 'Concluído', 'O pagamento foi feito.', payment(true), true),
    ],
  },
  {
    title: 'Recargas',
    events: [
      event('recharge_initiated', 'Iniciada', 'Uma recarga começou.', recharge),
      event('recharge_completed', 'Concluída', 'A recarga foi feita.', recharge),
    ],
  },
  {
    title: 'Cashback e metas',
    events: [
      event('cashback_earned', 'Cashback recebido', 'Dinheiro voltou de uma compra. Vira notificação.', [
        amount('amount', 'Valor (R$)', '4,50', true),
        number('percentage', 'Percentual', 5),
        text('merchant', 'Estabelecimento', 'Mercado da Praça'),
        text('transaction_id', 'Id da compra', `pag-${visit}`),
      ]),
      event('goal_created', 'Meta criada', 'Uma pessoa definiu uma meta.', [
        ...goal,
        day('deadline', 'Prazo', inDays(180)),
      ]),
      event('goal_completed', 'Meta concluída', 'Uma meta foi alcançada. Vira notificação.', [
        ...goal,
        amount('saved_amount', 'Guardado (R$)', '4.812,35'),
      ]),
      event('achievement_unlocked', 'Conquista', 'Uma medalha foi ganha. Vira notificação.', [
        text('achievement_id', 'Id da conquista', 'primeiro-pix'),
        text('name', 'Nome', 'Primeiro PIX'),
        number('points', 'Pontos', 50),
        wide('description', 'Descrição', 'Fez a primeira transferência por PIX'),
      ]),
      event('budget_exceeded', 'Orçamento ultrapassado', 'Os gastos passaram do limite. Vira alerta.', [
        text('category', 'Categoria', 'alimentação'),
        amount('limit_amount', 'Limite (R$)', '800,00'),
        amount('spent_amount', 'Gasto (R$)', '934,20'),
        option('period', 'Período', 'month', ['week', 'month', 'year']),
      ]),
    ],
  },
  {
    title: 'Sistema',
    events: [
      event('error', 'Erro de script', 'Um erro não tratado. O SDK envia sozinho.', [
        { ...text('message', 'Mensagem', 'saldo is not defined'), required: true, wide: true },
        text('name', 'Classe', 'ReferenceError'),
        text('source', 'Arquivo', 'https://app.exemplo.com.br/extrato.js'),
        number('line', 'Linha', 42),
        number('column', 'Coluna', 17),
      ]),
      event('heartbeat', 'Batimento', 'A página continua à vista. O SDK envia a cada 60 s.', [
        number('interval_ms', 'Desde o anterior (ms)', 60_000),
        number('visible_ms', 'À vista há (ms)', 180_000),
      ]),
    ],
  },
];

export const events = groups.flatMap((group) => group.events);

/** What a field holds, as the event wants it; undefined where it is empty. */
export function valueOf({ kind }, told) {
  if (kind === 'flag') return told === 'true';
  const value = told.trim();
  if (value === '') return undefined;
  if (kind === 'number') return Number(value.replace(',', '.'));
  if (kind === 'list') return value.split(',').map((one) => one.trim());
  // As people in Brazil write money: 4.812,35
  if (kind === 'amount') return value.includes(',') ? value.replaceAll('.', '').replace(',', '.') : value;
  return value;
}
