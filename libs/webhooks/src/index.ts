export { dropWebhookSql, webhookSql, WebhookRoles } from './postgres/webhook-sql';
