using Tallystick.Bench;

// One command prints one table. The second process is this program again, as the peer that is paid.
return args switch
{
    ["peer", var address] => await PaidPeer.RunAsync(address),
    ["open", var folder] => await OpenedBook.RunAsync(folder),
    [] => await Comparison.RunAsync(seconds: 10, bookSize: 1_000_000),
    ["--short"] => await Comparison.RunAsync(seconds: 2, bookSize: 50_000),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project bench [-- --short]");
    return 2;
}
