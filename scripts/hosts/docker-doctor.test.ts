import { expect, test } from 'vitest';
import { clashes } from './docker-doctor.ts';

test.each(['10.0.0.0/24', '10.0.0.0/16', '10.0.0.128/25', '10.0.0.0/8', '0.0.0.0/0', '10.0.0.2/32'])(
  '%s has addresses of 10.0.0.0/24',
  (subnet) => expect(clashes(subnet)).toBe(true),
);

test.each(['10.0.1.0/24', '172.17.0.0/16', '10.1.0.0/16', '192.168.0.0/16', 'fd00::/64'])(
  '%s has none',
  (subnet) => expect(clashes(subnet)).toBe(false),
);
