/**
 * SQL for the id of a delivery, of SQL for the ids of its event and its endpoint: the event's time and bucket, the rest a hash of
 * both. So it is the same whenever it is asked for, and a delivery is found without an index of its own.
 */
export function deliveryIdSql(event: string, endpoint: string): string {
  const hash = `encode(sha256(uuid_send(${event}) || uuid_send(${endpoint})), 'hex')`;
  return `(left(${event}::text, 19) || '8' || left(${hash}, 3) || '-' || substr(${hash}, 4, 12))::uuid`;
}
