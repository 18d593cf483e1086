import { MobileNetV2Error, messageOf } from '@mobilenetv2/spec'
import { nodeCode } from '@mobilenetv2/spec/system-errors'
import { loadPackage } from './load-package.js'

// The members of @aws-sdk/client-s3 that are used. The package is not installed where this is compiled.

interface Listing {
  readonly Contents?: readonly { readonly Key?: string; readonly Size?: number }[]
  readonly NextContinuationToken?: string
}

interface Received {
  readonly ContentLength?: number
  readonly Body: { transformToByteArray(): Promise<Uint8Array> }
}

interface Client {
  send(command: ListCommand): Promise<Listing>
  send(command: GetCommand): Promise<Received>
}

interface ListCommand {
  readonly list?: never
}

interface GetCommand {
  readonly get: never
}

interface Package {
  readonly S3Client: new (options: { readonly forcePathStyle: boolean }) => Client
  readonly ListObjectsV2Command: new (input: {
    readonly Bucket: string
    readonly Prefix: string
    readonly ContinuationToken?: string | undefined
  }) => ListCommand
  readonly GetObjectCommand: new (input: { readonly Bucket: string; readonly Key: string }) => GetCommand
}

interface Store {
  readonly client: Client
  readonly commands: Package
}

/** The most bytes of a picture: 256 MiB, as for every download. */
const longest = 2 ** 28

let opened: Store | null = null

/** The client, which finds region, keys and endpoint in the environment and in the files of AWS. */
function openStore(): Store {
  if (opened !== null) return opened
  const commands = loadPackage<Package>('@aws-sdk/client-s3', 'A picture at s3://')
  const { AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 } = process.env
  // Stores other than Amazon's have no host name for each bucket.
  const forcePathStyle = (AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL) !== undefined
  opened = { client: new commands.S3Client({ forcePathStyle }), commands }
  return opened
}

/** Whether an address is that of an object in a store. */
export function isS3(address: string): boolean {
  return address.startsWith('s3://')
}

function parse(address: string): { readonly Bucket: string; readonly Key: string } {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(address) ?? []
  if (Bucket === undefined || Key === undefined) {
    throw new MobileNetV2Error('OPTION', 'This is no address of a store.', {
      where: address,
      expected: 's3://bucket/path',
    })
  }
  return { Bucket, Key }
}

/** The error, with the code `SOURCE`, for an object or a listing that a store does not give. */
function unreadable(what: string, where: string, cause: unknown): MobileNetV2Error {
  if (cause instanceof MobileNetV2Error) return cause
  const { name, $metadata } = Object(cause) as { name?: string; $metadata?: { httpStatusCode?: number } }
  const status = $metadata?.httpStatusCode
  const got =
    status === undefined ? `${messageOf(cause)} ${nodeCode(cause) ?? ''}`.trim() : `HTTP status ${status} ${name ?? ''}`.trim()
  const remedies: Readonly<Record<string, string>> = {
    NoSuchBucket: 'Correct the name of the bucket.',
    NoSuchKey: 'The store has no such object.',
    AccessDenied: 'Give these keys the permission to list and read the bucket.',
    InvalidAccessKeyId: 'Correct AWS_ACCESS_KEY_ID.',
    SignatureDoesNotMatch: 'Correct AWS_SECRET_ACCESS_KEY.',
    CredentialsProviderError: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with the tools of AWS.',
  }
  const remedy = remedies[name ?? ''] ?? 'Check AWS_REGION, AWS_ENDPOINT_URL and the keys.'
  return new MobileNetV2Error('SOURCE', what, { where, got, remedy, cause })
}

/**
 * The addresses of the objects that begin with `address` and end in one of `endings`.
 * @param endings in lower case, with the dot
 * @throws MobileNetV2Error `OPTION` if this is no address of a store; `SOURCE` if the store does not list its objects; `BACKEND` if its client is
 * not installed
 * @example
 * ```ts
 * import { listS3 } from '@mobilenetv2/queue'
 *
 * for await (const address of listS3('s3://bucket/photos/', ['.jpg', '.png'])) console.log(address)
 * ```
 */
export async function* listS3(address: string, endings: readonly string[]): AsyncGenerator<string> {
  const { Bucket, Key: Prefix } = parse(address)
  const { client, commands } = openStore()
  let ContinuationToken: string | undefined
  do {
    const command = new commands.ListObjectsV2Command({ Bucket, Prefix, ContinuationToken })
    const listing: Listing = await client.send(command).catch((cause: unknown) => {
      throw unreadable('A store does not list its objects.', address, cause)
    })
    for (const { Key = '' } of listing.Contents ?? []) {
      if (endings.some((ending) => Key.toLowerCase().endsWith(ending))) yield `s3://${Bucket}/${Key}`
    }
    ContinuationToken = listing.NextContinuationToken
  } while (ContinuationToken !== undefined)
}

/**
 * The bytes of an object.
 * @throws MobileNetV2Error `OPTION` if this is no address of a store; `SOURCE` if the store does not give the bytes, or if there are more than
 * 256 MiB; `BACKEND` if its client is not installed
 * @example
 * ```ts
 * import { readS3 } from '@mobilenetv2/queue'
 *
 * const bytes = await readS3('s3://bucket/photos/cat.jpg')
 * ```
 */
export async function readS3(address: string): Promise<Uint8Array> {
  const { client, commands } = openStore()
  try {
    const { ContentLength = 0, Body } = await client.send(new commands.GetObjectCommand(parse(address)))
    if (ContentLength > longest) {
      throw new MobileNetV2Error('SOURCE', 'The file is too long.', {
        where: address,
        expected: `at most ${longest} bytes`,
        got: `${ContentLength} bytes`,
      })
    }
    return await Body.transformToByteArray()
  } catch (cause) {
    throw unreadable('A store does not give an object.', address, cause)
  }
}
