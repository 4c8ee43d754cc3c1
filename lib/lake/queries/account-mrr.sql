-- The transactions behind an account's monthly recurring revenue: bookings and billed usage, each with the part of it that falls into
-- the month, in minor units of its currency. The parts of a currency add up to the MRR in it.
-- Parameters: the account, the first day of the month.
with asked as (
  select cast(? as varchar) as account_id, cast(? as date) as month_start
),
recorded as (
  select * from events where event_type = 'transaction.recorded.v1'
),
original as (
  select transaction_id, kind
  from (
    select recorded.*, row_number() over (partition by transaction_id order by on_date, kind, coalesce(partner_id, '')) as place
    from recorded
  ) as numbered
  where place = 1
),
counted as (
  select r.event_id, r.transaction_id, r.ledger, r.kind, r.currency, r.amount, r.on_date, r.service_from, r.service_to,
    abs(r.amount) as size, case when r.amount < 0 then -1 else 1 end as direction,
    (year(r.service_to) * 12 + month(r.service_to)) - (year(r.service_from) * 12 + month(r.service_from)) as months,
    case
      when r.kind not in ('refund', 'credit') then r.kind
      when o.kind in ('refund', 'credit') then 'contract'
      else coalesce(o.kind, 'contract')
    end as effective_kind
  from recorded r
  join asked a on a.account_id = r.account_id
  left join original o on o.transaction_id = r.corrects and r.kind in ('refund', 'credit')
),
recurring as (
  select counted.*,
    service_from is not null and months >= 1 and cast(service_from + months * interval '1' month as date) = service_to as is_whole
  from counted
  where (ledger = 'booked' and effective_kind = 'contract') or (ledger = 'billed' and effective_kind = 'usage')
),
-- From 0 on; a service lasts ten years at most.
month_number as (
  select of_years.n * 12 + of_year.n as n
  from (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) as of_years (n)
  cross join (values (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11)) as of_year (n)
),
slice as (
  select r.*, n, cast(date_trunc('month', r.service_from) + n * interval '1' month as date) as month_start,
    date_diff('day', r.service_from, r.service_to) as all_days,
    date_diff('day',
      greatest(r.service_from, cast(date_trunc('month', r.service_from) + n * interval '1' month as date)),
      least(r.service_to, cast(date_trunc('month', r.service_from) + (n + 1) * interval '1' month as date))) as days
  from recurring r
  cross join month_number
  where r.service_from is not null and n <= r.months
),
-- Whole months get equal parts, the first ones a unit more where it does not come out even.
by_months as (
  select event_id, month_start,
    direction * (cast((size - size % months) / months as bigint) + case when n < size % months then 1 else 0 end) as part
  from slice
  where is_whole and n < months
),
-- Other services are split by days; what is left over goes to the largest remainders.
by_days as (
  select event_id, month_start, direction * (whole + case when place <= size - given then 1 else 0 end) as part
  from (
    select shared.*, sum(whole) over (partition by event_id) as given,
      row_number() over (partition by event_id order by remainder desc, n) as place
    from (
      select event_id, month_start, n, size, direction, (size * days) % all_days as remainder,
        cast((size * days - (size * days) % all_days) / all_days as bigint) as whole
      from slice
      where not is_whole and days > 0
    ) as shared
  ) as numbered
),
at_once as (
  select event_id, cast(date_trunc('month', on_date) as date) as month_start, amount as part
  from recurring
  where service_from is null
),
parts as (
  select * from by_months union all select * from by_days union all select * from at_once
)
select r.event_id, r.transaction_id, r.ledger, r.kind, r.on_date, r.service_from, r.service_to, r.amount, p.part, r.currency
from recurring r
join parts p on p.event_id = r.event_id
join asked a on a.month_start = p.month_start
order by r.currency, r.on_date, r.event_id
