import { Provider, Type } from '@nestjs/common';
import { AcceptInvitation } from './application/members/accept-invitation';
import { AddDomain, DomainNaming } from './application/tenants/add-domain';
import { ChangeMemberRole } from './application/members/change-member-role';
import { ChangeTenant } from './application/tenants/change-tenant';
import { DescribeInvitation } from './application/members/describe-invitation';
import { DescribeTenant } from './application/tenants/describe-tenant';
import { EndMemberSessions } from './application/members/end-member-sessions';
import { EndMembershipsSessions } from './application/sessions/end-memberships-sessions';
import { InvitationLinks } from './application/members/invitation-mail';
import { InvitationTokens } from './application/members/invitation-tokens';
import { InviteMember } from './application/members/invite-member';
import { ListDomains } from './application/tenants/list-domains';
import { ListMembers } from './application/members/list-members';
import { Mailer } from './application/members/mailer';
import { MemberReader } from './application/members/member.reader';
import { PublishPendingDenials } from './application/sessions/publish-pending-denials';
import { RemoveDomain } from './application/tenants/remove-domain';
import { RemoveMember } from './application/members/remove-member';
import { TxtRecords } from './application/tenants/txt-records';
import { VerifyDomain } from './application/tenants/verify-domain';
import { WithdrawInvitation } from './application/members/withdraw-invitation';
import { AuthConfig } from './auth.config';
import { CustomDomainRepository } from './domain/custom-domain.repository';
import { InvitationRepository } from './domain/invitation.repository';
import { ConfiguredDomainNaming } from './infrastructure/dns/configured-domain-naming';
import { ResolverTxtRecords } from './infrastructure/dns/resolver-txt-records';
import { isPrinted } from './infrastructure/mail/mail.settings';
import { PrintingMailer } from './infrastructure/mail/printing-mailer';
import { SmtpMailer } from './infrastructure/mail/smtp-mailer';
import { PostgresCustomDomainRepository } from './infrastructure/postgres/postgres-custom-domain.repository';
import { PostgresInvitationRepository } from './infrastructure/postgres/postgres-invitation.repository';
import { PostgresMemberReader } from './infrastructure/postgres/postgres-member.reader';
import { OpaqueInvitationTokens } from './infrastructure/tokens/opaque-invitation-tokens';
import { DomainsController } from './interfaces/http/domains.controller';
import { InvitationsController } from './interfaces/http/invitations.controller';
import { MembersController } from './interfaces/http/members.controller';
import { TenantsController } from './interfaces/http/tenants.controller';
import { PendingDenialsSchedule } from './interfaces/schedule/pending-denials.schedule';

/** The part of the module that binds what tenants do with themselves: members, domains, settings; and mail. */
export function tenancyWiring(config: AuthConfig): { controllers: Type[]; providers: Provider[] } {
  return {
    controllers: [TenantsController, MembersController, DomainsController, InvitationsController],
    providers: providersOf(config),
  };
}

function providersOf(config: AuthConfig): Provider[] {
  return [
    AcceptInvitation,
    AddDomain,
    ChangeMemberRole,
    ChangeTenant,
    DescribeInvitation,
    DescribeTenant,
    EndMemberSessions,
    EndMembershipsSessions,
    InviteMember,
    PublishPendingDenials,
    PendingDenialsSchedule,
    ListDomains,
    ListMembers,
    RemoveDomain,
    RemoveMember,
    VerifyDomain,
    WithdrawInvitation,
    { provide: InvitationRepository, useClass: PostgresInvitationRepository },
    { provide: InvitationTokens, useClass: OpaqueInvitationTokens },
    { provide: InvitationLinks, useValue: new InvitationLinks(config.invitationUrl) },
    { provide: CustomDomainRepository, useClass: PostgresCustomDomainRepository },
    { provide: DomainNaming, useValue: new ConfiguredDomainNaming(config.hosts.publicDomain) },
    { provide: TxtRecords, useFactory: () => new ResolverTxtRecords(config.dnsServers) },
    { provide: MemberReader, useClass: PostgresMemberReader },
    {
      provide: Mailer,
      useFactory: () => (isPrinted(config.mail) ? new PrintingMailer() : new SmtpMailer(config.mail)),
    },
  ];
}
