-- What was recorded after a month was closed and counts in that month all the same: the facts that make its figures differ now.
-- Bookings and usage count in every month of their service. Parameters: the month's first day, the day of the close, its instant (UTC).
with asked as (
  select cast(? as date) as month_start
)
select event_id, recorded_at, event_type, account_id, partner_id, ledger, kind,
  coalesce(on_date, from_date, cast(period || '-01' as date)) as counts_on, service_from, service_to, amount, currency, corrects
from events
cross join asked
where recorded_on >= cast(? as date)
  and recorded_at > cast(? as timestamp)
  and (
    cast(date_trunc('month', coalesce(on_date, from_date, cast(period || '-01' as date))) as date) = month_start
    or ((ledger = 'booked' or kind = 'usage') and service_from < month_start + interval '1' month and service_to > month_start)
  )
order by recorded_at, event_id
