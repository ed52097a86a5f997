package exports

import (
	"bytes"
	"context"
	"fmt"
	goimage "image"
	"image/draw"
	"image/png"
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
func rasterize(svg image) (data []byte, err error) {
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
	encoded, err := pixels.EncodePNG()
	if err != nil {
		return nil, fmt.Errorf("resvg: %w", err)
	}
	return opaque(encoded)
}

// opaque writes a PNG anew, on white and well compressed: resvg's encoder is
// fast, and its files more than twice as large.
func opaque(encoded []byte) ([]byte, error) {
	img, err := png.Decode(bytes.NewReader(encoded))
	if err != nil {
		return nil, fmt.Errorf("resvg: its PNG cannot be read: %w", err)
	}
	flat := goimage.NewRGBA(img.Bounds())
	draw.Draw(flat, flat.Bounds(), goimage.White, goimage.Point{}, draw.Src)
	draw.Draw(flat, flat.Bounds(), img, img.Bounds().Min, draw.Over)
	var b bytes.Buffer
	if err := png.Encode(&b, flat); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
