// What a webhook is made of, as data: secrets, options, and schemes of one's own.

/** A secret with a name and, during a rotation, an end. */
export interface Secret {
  /** The secret as the provider shows it, or key bytes to be used as they are. Undefined is refused: `secret_empty`. */
  readonly secret: string | Uint8Array | undefined;
  /** Its name; `event.key` says which one matched. Default: `default`. */
  readonly name?: string | undefined;
  /** The last second (Unix seconds) or moment at which it is accepted. */
  readonly expires?: number | Date | undefined;
}

/**
 * One secret, or several of which each is accepted; the first one signs. An environment variable that is not set may be
 * passed as it is: it is refused with `secret_empty`.
 */
export type Keyring = OneSecret | readonly OneSecret[];

type OneSecret = string | Uint8Array | Secret | undefined;

/** Seconds, at most a day, both ends included. `Infinity` (in JSON: null) switches a side off. */
export interface Tolerance {
  /** How old a timestamp may be. */
  readonly past?: number | null | undefined;
  /** How far ahead it may be. */
  readonly future?: number | null | undefined;
}

export type Encoding = "hex" | "base64" | "hex-or-base64";
export type KeyFormat = "utf8" | "base64" | "hex" | "whsec" | "ed25519";
export type Algorithm = "hmac-sha256" | "hmac-sha512" | "hmac-sha1-legacy" | "ed25519";
export type TimestampFormat = "unix" | "unix-ms" | "iso8601";

/** What may differ from a provider's defaults. */
export interface Options {
  /** Seconds past and future that a timestamp may be off. */
  readonly tolerance?: Tolerance | undefined;
  /** One of the provider's ways to sign, such as PlaneConnection's `settings` or Planasonix' `body-only`. */
  readonly dialect?: string | undefined;
  /** Other header names, where the provider lets them be configured. */
  readonly headers?:
    | {
        readonly signature?: string | undefined;
        readonly timestamp?: string | undefined;
        readonly id?: string | undefined;
      }
    | undefined;
  /** How the signature is written, where it differs. */
  readonly encoding?: Encoding | undefined;
  /** The text form of the key, where it differs. */
  readonly key?: KeyFormat | undefined;
  /**
   * Replay keys of this webhook's own, for one replay store that several tenants share: any text that is not empty, such as
   * the tenant's id. Else a tenant could sign an id that another one's delivery will have, which would then be a duplicate.
   */
  readonly scope?: string | undefined;
}

/** A provider described as data. `N` is its name, where it has one. */
export interface Scheme<N extends string = string> {
  /**
   * Its name, in events, errors and replay keys: 1 to 64 lower-case letters, digits, `-` and `_`. A known provider's name
   * is refused. Without a name, `event.provider` is `custom`, and replay keys have a digest of the scheme.
   */
  readonly name?: N | undefined;
  /** The header with the signature. */
  readonly signature: {
    readonly header: string;
    /** What stands before each signature, such as `sha256=`. */
    readonly prefix?: string | undefined;
    /** Whether a signature without the prefix counts too. */
    readonly prefixOptional?: boolean | undefined;
    /** What stands before an Ed25519 signature, where the provider can sign with either kind of key. */
    readonly ed25519Prefix?: string | undefined;
    /** The characters between the items of a list; leave it out where the header holds one signature. */
    readonly separator?: string | undefined;
    readonly encoding: Encoding;
  };
  /** Where the time is: in a header, or in a `field=value` item of the signature header. */
  readonly timestamp?:
    | {
        readonly header?: string | undefined;
        readonly field?: string | undefined;
        /** Default: `unix`, which is seconds. */
        readonly format?: TimestampFormat | undefined;
      }
    | undefined;
  /** The header with the delivery's id. */
  readonly id?: { readonly header: string } | undefined;
  /** What is signed, over `{timestamp}`, `{id}` and `{body}`. */
  readonly signed: string;
  /** What is signed instead where the body is empty. */
  readonly signedIfEmpty?: string | undefined;
  /**
   * Why it does no harm that pieces of `signed` touch, so that nothing in the signed content says where one ends and the next
   * begins. Without a reason, such a scheme is refused.
   */
  readonly adjacent?: string | undefined;
  /** Default: `utf8`. */
  readonly key?: KeyFormat | undefined;
  /** Default: `hmac-sha256`. */
  readonly algorithm?: Algorithm | undefined;
  /** Default: 300 seconds each way. */
  readonly tolerance?: Tolerance | undefined;
  /** Seconds after the first attempt in which it may still retry: for so long replay keys are remembered. Default: a week. */
  readonly retryHorizon?: number | null | undefined;
  /** Dotted paths into the JSON body. */
  readonly event?:
    | {
        readonly type?: string | undefined;
        readonly id?: string | undefined;
        /** The field of a form that holds the JSON, such as `payload`, where the body is a form instead of JSON. */
        readonly form?: string | undefined;
      }
    | undefined;
}
