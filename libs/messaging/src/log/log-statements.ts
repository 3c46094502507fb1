/** Channel of NOTIFY; its payload names the topics that grew. */
export const CHANNEL = 'event_log';

/**
 * One statement, one commit. The lock makes positions become visible in order: whoever appends holds it until its
 * commit shows, and takes its positions only afterwards, so a reader that saw position n never misses a smaller one.
 */
export const APPEND = {
  name: 'event_log_append',
  text: `
    with turn as materialized (select pg_advisory_xact_lock(hashtextextended('event_log.append', 0))),
    appended as (
      insert into event_log.batch (topic, messages, message_count)
      select row.topic, row.messages::json, row.message_count
      from turn, unnest($1::text[], $2::text[], $3::int[]) as row (topic, messages, message_count)
      returning topic)
    select pg_notify('${CHANNEL}', string_agg(distinct topic, ' ')) from appended`,
};

/** Tries to become the one reader of each of a group's topics; the lock lives as long as the connection. */
export const HOLD = {
  text: `
    select topic from unnest($2::text[]) as topic
    where pg_try_advisory_lock(hashtextextended('event_log.read ' || $1 || ' ' || topic, 0))`,
};

/** Where the group left off; 0 for a group that never read the topic. */
export const POSITION = {
  name: 'event_log_position',
  text: `select position from event_log.group_offset where group_name = $1 and topic = $2`,
};

export const READ = {
  name: 'event_log_read',
  text: `
    select position, messages::text as messages from event_log.batch
    where topic = $1 and position > $2 order by position limit $3`,
};

export const ADVANCE = {
  name: 'event_log_advance',
  text: `
    insert into event_log.group_offset (group_name, topic, position) values ($1, $2, $3)
    on conflict (group_name, topic) do update set position = excluded.position, updated_at = now()`,
};

/** Forgets what is old and what every group of its topic has read. */
export const FORGET = {
  text: `
    delete from event_log.batch b
    where created_at < now() - make_interval(hours => $1)
      and position <= coalesce((select min(o.position) from event_log.group_offset o where o.topic = b.topic), b.position)`,
};
