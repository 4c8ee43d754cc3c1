-- Revenue by month, partner that sourced it, and currency, in minor units: `sourced` of the metric revenue before it is converted.
-- A transaction is sourced by the partner that it names, else by the one attached to its account as `sourced` for the longest.
with recorded as (
  select * from events where event_type = 'transaction.recorded.v1'
),
original as (
  select transaction_id, kind, partner_id, on_date
  from (
    select recorded.*, row_number() over (partition by transaction_id order by on_date, kind, coalesce(partner_id, '')) as place
    from recorded
  ) as numbered
  where place = 1
),
-- A refund or credit is of the kind, the partner and the day of the transaction that it corrects.
counted as (
  select r.event_id, r.account_id, r.currency, r.amount, r.on_date,
    case
      when r.kind not in ('refund', 'credit') then r.kind
      when o.kind in ('refund', 'credit') then 'contract'
      else coalesce(o.kind, 'contract')
    end as effective_kind,
    case when o.transaction_id is null then r.partner_id else o.partner_id end as seller_id,
    coalesce(o.on_date, r.on_date) as credit_date
  from recorded r
  left join original o on o.transaction_id = r.corrects and r.kind in ('refund', 'credit')
  where r.ledger = 'billed'
),
revenue as (
  select * from counted where effective_kind in ('contract', 'usage', 'one-time')
),
-- An attachment ends on the first later day on which the same partner is detached in the same role.
attachment as (
  select a.event_id, a.account_id, a.partner_id, a.from_date, min(d.from_date) as until_date
  from events a
  left join events d
    on d.event_type = 'account.detached.v1' and d.account_id = a.account_id and d.partner_id = a.partner_id
    and d.role = a.role and d.from_date > a.from_date
  where a.event_type = 'account.attached.v1' and a.role = 'sourced'
  group by a.event_id, a.account_id, a.partner_id, a.from_date
),
sourcing as (
  select r.event_id, a.partner_id,
    row_number() over (partition by r.event_id order by a.from_date, a.partner_id) as place
  from revenue r
  join attachment a
    on a.account_id = r.account_id and a.from_date <= r.credit_date
    and (a.until_date is null or a.until_date > r.credit_date)
)
select cast(date_trunc('month', r.on_date) as date) as month_start, coalesce(r.seller_id, s.partner_id) as partner_id,
  r.currency, sum(r.amount) as sourced, count(*) as transactions
from revenue r
left join sourcing s on s.event_id = r.event_id and s.place = 1
where coalesce(r.seller_id, s.partner_id) is not null
group by 1, 2, 3
order by 1, 2, 3
