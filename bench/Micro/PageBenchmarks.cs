using BenchmarkDotNet.Attributes;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Identity;

namespace Tallystick.Bench.Micro;

/// <summary>What the pure part does with one page.</summary>
public class PageBenchmarks
{
    private PaidPages pages = null!;
    private EncodedPage page = null!;

    /// <summary>Payments on the page.</summary>
    [Params(1, 100)]
    public int Payments { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        using var payer = NodeIdentity.CreateFresh();
        using var paid = NodeIdentity.CreateFresh();
        pages = new PaidPages(payer, paid);
        page = pages.Next(Payments);
    }

    [Benchmark]
    public EncodedPage Encode() => PageCodec.Encode(page.Page);

    [Benchmark]
    public bool Decode() => PageCodec.TryDecode(page.Bytes, out _, out _);

    [Benchmark]
    public Fold Fold()
    {
        var draft = new FoldDraft(pages.Fold);
        draft.Apply(page);
        return draft.ToFold();
    }
}
