package report

import (
	"fmt"
	"html"
	"math"
	"os"
	"strings"
)

const (
	rowHeight = 16
	leftEdge  = 430.0
	plotWidth = 470.0
	topEdge   = 50
	lowest    = 1.0 / 16
	highest   = 64.0
)

// WriteChart draws the ratios on a logarithmic scale: a bar from 1 to the median, a line from the
// smallest to the largest, a mark at the budget. Latencies and processor times are in the table only.
func (t *Table) WriteChart(file string) error {
	var rows []Row
	for _, row := range t.Rows {
		if len(row.Ratios) > 0 && !strings.Contains(row.Name, ": ") {
			rows = append(rows, row)
		}
	}
	height := topEdge + rowHeight*len(rows) + 30
	var svg strings.Builder
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="%d" viewBox="0 0 960 %d" font-family="sans-serif" font-size="11">`+"\n", height, height)
	fmt.Fprintf(&svg, `<rect width="960" height="%d" fill="#fff"/>`+"\n", height)
	fmt.Fprintf(&svg, `<text x="10" y="18" font-size="13">Bulwark compared with upstream: above 1 Bulwark is better; | is the budget</text>`+"\n")
	for tick := lowest; tick <= highest; tick *= 2 {
		fmt.Fprintf(&svg, `<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="%s"/><text x="%.1f" y="%d" text-anchor="middle" fill="#555">%s</text>`+"\n",
			across(tick), across(tick), topEdge-8, height-25, tickColor(tick), across(tick), topEdge-12, tickName(tick))
	}
	for i, row := range rows {
		middle := topEdge + rowHeight*i + rowHeight/2
		ratio := median(row.Ratios)
		from, to := across(min(ratio, 1)), across(max(ratio, 1))
		color := "#2a7f62"
		if ratio < 1 || ratio < row.Budget {
			color = "#c7782b"
		}
		if ratio < 1 {
			color = "#b3392f"
		}
		fmt.Fprintf(&svg, `<text x="%.1f" y="%d" text-anchor="end">%s</text>`, leftEdge-40, middle+4, html.EscapeString(row.Name))
		fmt.Fprintf(&svg, `<rect x="%.1f" y="%d" width="%.1f" height="10" fill="%s"/>`, from, middle-5, max(to-from, 1), color)
		fmt.Fprintf(&svg, `<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="#222"/>`,
			across(row.Ratios[0]), across(row.Ratios[len(row.Ratios)-1]), middle, middle)
		if row.Budget > 0 {
			fmt.Fprintf(&svg, `<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="#000" stroke-width="2"/>`,
				across(row.Budget), across(row.Budget), middle-7, middle+7)
		}
		fmt.Fprintf(&svg, `<text x="%.1f" y="%d">%.2f</text>`+"\n", leftEdge+plotWidth+8, middle+4, ratio)
	}
	svg.WriteString("</svg>\n")
	return os.WriteFile(file, []byte(svg.String()), 0o644)
}

func across(ratio float64) float64 {
	bounded := min(max(ratio, lowest), highest)
	return leftEdge + plotWidth*math.Log2(bounded/lowest)/math.Log2(highest/lowest)
}

func tickColor(tick float64) string {
	if tick == 1 {
		return "#333"
	}
	return "#ddd"
}

func tickName(tick float64) string {
	if tick < 1 {
		return fmt.Sprintf("1/%g", 1/tick)
	}
	return fmt.Sprintf("%g", tick)
}
