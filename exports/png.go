package exports

import (
	"context"
	"fmt"
	"math"

	"github.com/go-fonts/dejavu/dejavusans"
	"github.com/kanrichan/resvg-go"
)

const (
	pngScale = 2.0    // pixels a point
	pngMost  = 6000.0 // pixels of a side
)

// rasterize draws an SVG of ours with resvg in WebAssembly. It knows one font,
// the one that the SVG names first, and no file of the machine.
func rasterize(svg image) (png []byte, err error) {
	defer func() { // a fault inside WebAssembly surfaces as a panic
		if r := recover(); r != nil {
			err = fmt.Errorf("resvg: %v", r)
		}
	}()
	worker, err := resvg.NewDefaultWorker(context.Background())
	if err != nil {
		return nil, fmt.Errorf("resvg: %w", err)
	}
	defer worker.Close()
	fonts, err := worker.NewFontDBDefault()
	if err != nil {
		return nil, fmt.Errorf("resvg: %w", err)
	}
	if err := fonts.LoadFontData(dejavusans.TTF); err != nil {
		return nil, fmt.Errorf("resvg: font: %w", err)
	}
	tree, err := worker.NewTreeFromData(svg.bytes, &resvg.Options{FontFamily: fontFamily})
	if err != nil {
		return nil, fmt.Errorf("resvg: %w", err)
	}
	if err := tree.ConvertText(fonts); err != nil {
		return nil, fmt.Errorf("resvg: text: %w", err)
	}
	scale := min(pngScale, pngMost/max(svg.width, svg.height))
	pixels, err := worker.NewPixmap(uint32(math.Ceil(svg.width*scale)), uint32(math.Ceil(svg.height*scale)))
	if err != nil {
		return nil, fmt.Errorf("resvg: %w", err)
	}
	if err := tree.Render(resvg.TransformFromScale(float32(scale), float32(scale)), pixels); err != nil {
		return nil, fmt.Errorf("resvg: %w", err)
	}
	png, err = pixels.EncodePNG()
	if err != nil {
		return nil, fmt.Errorf("resvg: %w", err)
	}
	return png, nil
}
