/** Where in a push a value is. */
export type Place =
  | { readonly in: 'header'; readonly name: string } // in lower case; NAME#KEY: a member of k=v,k=v
  | { readonly in: 'query'; readonly name: string }
  | { readonly in: 'body'; readonly name: string }; // dotted path into the decoded JSON, form or XML

/** How a push is signed, as data: the building blocks that every known scheme is made of. */
export interface SignatureScheme {
  readonly method: 'hmac' | 'hash' | 'equal'; // hash: the secret is a part of the string; equal: the value is the secret itself
  readonly algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512';
  /**
   * The string to sign: text with {body}, {secret}, {timestamp}, {nonce}, {id}, {path}, {query}, {header:NAME}, {query:NAME},
   * {body:PATH}, {sorted_query}; {body} is the raw bytes. {target} is the path with its query, {http_body} is &http_body= and the body
   * where there is one, {sorted:secret,timestamp,query:NAME,body:PATH} is those texts in order and joined. {sorted_query} is &k=v of
   * every parameter by key, without `sign` and those that the scheme names itself.
   */
  readonly template: string;
  readonly encoding: 'hex' | 'base64' | 'base64_of_hex';
  readonly signature: Place;
  readonly prefix: string; // before the encoded value: sha256=, v1,
  readonly separator: string | null; // between several signatures in one value, any of which may match
  readonly key: 'text' | 'base64' | 'hex' | 'whsec'; // how the bytes of the key are written in the secret
  readonly timestamp: (Place & { readonly unit: 's' | 'ms'; readonly toleranceSeconds: number }) | null;
  readonly id: Place | null;
  readonly nonce: Place | null;
  readonly escaped: 'raw' | 'raw_or_escaped'; // escaped: non-ASCII UTF-16 units of the body as \uXXXX in lower case, tried second
}
