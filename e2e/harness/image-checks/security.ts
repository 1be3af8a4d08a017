import { property } from './properties';
import type { ImageCheck } from './types';

/** Rows 42 to 50, as far as the image itself shows them, and where it says that it comes from. */
export const SECURITY: readonly ImageCheck[] = [
  property(42, 'user', 'USER app'),
  property(43, 'read-only-code', 'USER 0\nRUN chmod -R a+w /app\nUSER 10001:0'),
  property(44, 'home', 'ENV HOME=/root'),
  property(44, 'user-name', 'USER 0\nRUN sed -i "s/ unknown//" /etc/nsswitch.conf\nUSER 10001:0'),
  property(47, 'no-secrets', 'ENV API_TOKEN=hunter2'),
  property(49, 'labels', 'LABEL org.opencontainers.image.revision='),
  property(50, 'safe-environment', 'ENV PYTHONINSPECT=1'),
];
