/** States of sockets, as ss(8) writes them. */
import { from, type Entries } from './explanation.ts';

export const socketStates: Entries = {
  ...from('RFC 9293 section 3.3.2', {
    'tcp LISTEN': 'it waits for connections',
    'tcp SYN-SENT': 'its SYN is on the way, and no answer has come',
    'tcp SYN-RECV': 'it has answered a SYN and waits for the last step of the handshake',
    'tcp ESTAB': 'the connection stands: data may flow both ways',
    'tcp FIN-WAIT-1': 'its FIN is on the way and not acknowledged',
    'tcp FIN-WAIT-2': 'its FIN is acknowledged; it waits for the other side’s',
    'tcp CLOSE-WAIT': 'the other side has sent its FIN; the program has yet to close',
    'tcp CLOSING': 'both sides have sent a FIN at the same time, and its own is not acknowledged',
    'tcp LAST-ACK': 'it has sent its FIN after the other side’s and waits for the acknowledgment',
    'tcp TIME-WAIT':
      'both FINs are acknowledged; it lingers (60 s on Linux) to answer a FIN sent again, and so that old segments are not taken for new',
    'tcp CLOSE': 'it has no connection',
  }),
  ...from('udp(7)', {
    'udp ESTAB': 'connect(2) has set its peer; nothing of that is known to the peer',
    'udp UNCONN': 'it has no peer and takes datagrams from anybody',
  }),
};
