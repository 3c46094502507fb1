import { hash } from 'node:crypto';
import { InputHasher } from '../../domain/release-ids';

export class Sha256InputHasher extends InputHasher {
  hash(canonical: string): string {
    return hash('sha256', canonical, 'base64url');
  }
}
