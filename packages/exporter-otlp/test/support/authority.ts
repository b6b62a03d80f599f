import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
  BasicConstraintsExtension,
  cryptoProvider,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;

type Keys = webcrypto.CryptoKeyPair;

cryptoProvider.set(webcrypto as never);

/** A certificate with its key, in PEM. */
export interface Credentials {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Who signs certificates. */
export interface Authority {
  /** Its own certificate, in PEM. */
  readonly ca: Buffer;
  /** For a server at 127.0.0.1, and for a client. */
  issue(name: string): Promise<Credentials>;
}

/** A new authority, unknown to everybody. */
export async function createAuthority(name: string): Promise<Authority> {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...frame(name),
    keys,
    extensions: [new BasicConstraintsExtension(true, 0, true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)],
  });
  return {
    ca: Buffer.from(certificate.toString('pem')),
    issue: async (subject) => {
      const own = await newKeys();
      const { notBefore, notAfter, signingAlgorithm, serialNumber } = frame(subject);
      const issued = await X509CertificateGenerator.create({
        subject: `CN=${subject}`,
        issuer: certificate.subject,
        notBefore,
        notAfter,
        signingAlgorithm,
        serialNumber,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        extensions: [
          new SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }]),
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
        ],
      });
      const key = PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY');
      return { cert: Buffer.from(issued.toString('pem')), key: Buffer.from(key) };
    },
  };
}

async function newKeys(): Promise<Keys> {
  return (await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify'])) as Keys;
}

function frame(name: string): {
  name: string;
  notBefore: Date;
  notAfter: Date;
  signingAlgorithm: typeof ALGORITHM;
  serialNumber: string;
} {
  const now = Date.now();
  const serial = webcrypto.getRandomValues(new Uint8Array(8));
  serial[0]! &= 0x7f;
  return {
    name: `CN=${name}`,
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + DAY_MS),
    signingAlgorithm: ALGORITHM,
    serialNumber: Buffer.from(serial).toString('hex'),
  };
}
