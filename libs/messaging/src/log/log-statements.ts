/** Channel of NOTIFY; its payload names the topics that grew. */
export const CHANNEL = 'event_log';

/**
 * One statement, one commit. The lock makes positions become visible in order: whoever appends holds it until its
 * commit shows, and takes its positions only afterwards, so a reader that saw position n never misses a smaller one.
 * Packed rows come as one value, each cut out by its start and size: only a single bytea travels in binary.
 */
export const APPEND = {
  name: 'event_log_append',
  text: `
    with turn as materialized (select pg_advisory_xact_lock(hashtextextended('event_log.append', 0))),
    appended as (
      insert into event_log.batch (topic, message_count, messages, packed)
      select row.topic, row.message_count, row.messages::json,
        case when row.size > 0 then substring($4::bytea from row.start for row.size) end
      from turn, unnest($1::text[], $2::int[], $3::text[], $5::int[], $6::int[])
        as row (topic, message_count, messages, start, size)
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

/** The next rows, as many as stay within the bytes asked for; the first in any case. */
export const READ = {
  name: 'event_log_read',
  text: `
    select position, message_count as count, messages::text as messages, packed from (
      select *, sum(coalesce(octet_length(packed), 0)) over (order by position) - coalesce(octet_length(packed), 0) as before
      from event_log.batch where topic = $1 and position > $2 order by position limit $3) as next
    where before < $4 order by position`,
};

export const ADVANCE = {
  name: 'event_log_advance',
  text: `
    insert into event_log.group_offset (group_name, topic, position) values ($1, $2, $3)
    on conflict (group_name, topic) do update set position = excluded.position, updated_at = now()`,
};

/** What the group has not read of each topic, and for how long the oldest of it has waited. */
export const LAG = {
  name: 'event_log_lag',
  text: `
    select asked.topic, coalesce(sum(b.message_count), 0)::float8 as messages,
      coalesce(extract(epoch from clock_timestamp() - min(b.created_at)), 0)::float8 as seconds
    from unnest($2::text[]) as asked (topic)
    left join event_log.group_offset o on o.group_name = $1 and o.topic = asked.topic
    left join event_log.batch b on b.topic = asked.topic and b.position > coalesce(o.position, 0)
    group by asked.topic`,
};

/** Forgets what is old and what every group of its topic has read. */
export const FORGET = {
  text: `
    delete from event_log.batch b
    where created_at < now() - make_interval(hours => $1)
      and position <= coalesce((select min(o.position) from event_log.group_offset o where o.topic = b.topic), b.position)`,
};
