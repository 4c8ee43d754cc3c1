-- The partners of a month side by side, the one with the most sourced revenue first; amounts in minor units of the reporting currency.
-- Parameter: the month, yyyy-mm.
select partner_id,
  max(case when metric = 'sourced_revenue' then cast(value as bigint) end) as sourced_revenue,
  max(case when metric = 'influenced_revenue' then cast(value as bigint) end) as influenced_revenue,
  max(case when metric = 'nrr' and "window" = 12 then value end) as nrr_12,
  max(case when metric = 'ropi_ratio' then value end) as ropi,
  max(currency) as currency
from metrics
where export_month = ? and partner_id <> 'all'
group by partner_id
order by sourced_revenue desc nulls last, partner_id
