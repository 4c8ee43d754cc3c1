-- What time to first revenue is computed from: for each partner the end of its onboarding, the first revenue that it sourced and that
-- was not taken back, and the days between. A partner without revenue counts with the days until the as-of day, as not reached yet.
-- Parameter: the as-of day.
with asked as (
  select cast(? as date) as as_of_day
),
onboarding as (
  select partner_id, min(on_date) as onboarded_on
  from events
  where event_type = 'partner.milestone-reached.v1' and milestone = 'onboarding-complete'
  group by partner_id
),
billed as (
  select * from events where event_type = 'transaction.recorded.v1' and ledger = 'billed'
),
returned as (
  select corrects, currency, sum(amount) as amount
  from billed
  where kind in ('refund', 'credit') and corrects is not null
  group by corrects, currency
),
revenue as (
  select b.event_id, b.account_id, b.partner_id, b.on_date
  from billed b
  left join returned r on r.corrects = b.transaction_id and r.currency = b.currency
  where b.kind in ('contract', 'usage', 'one-time') and b.amount > 0 and b.amount + coalesce(r.amount, 0) > 0
),
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
    on a.account_id = r.account_id and a.from_date <= r.on_date and (a.until_date is null or a.until_date > r.on_date)
),
first_revenue as (
  select coalesce(r.partner_id, s.partner_id) as partner_id, min(r.on_date) as revenue_on
  from revenue r
  left join sourcing s on s.event_id = r.event_id and s.place = 1
  group by 1
)
select o.partner_id, o.onboarded_on, f.revenue_on,
  case
    when f.revenue_on is null then date_diff('day', o.onboarded_on, a.as_of_day)
    else greatest(date_diff('day', o.onboarded_on, f.revenue_on), 0)
  end as days
from onboarding o
cross join asked a
left join first_revenue f on f.partner_id = o.partner_id
where f.revenue_on is not null or o.onboarded_on <= a.as_of_day
order by o.partner_id
