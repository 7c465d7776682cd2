using System.Diagnostics;

namespace Tallystick.Bench;

/// <summary>What one durable write costs on this disk: the floor of every durable payment.</summary>
internal static class Flush
{
    public static double MedianMicroseconds()
    {
        var path = Path.GetTempFileName();
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 0);
            var bytes = new byte[200];
            var times = new double[501];
            for (var i = 0; i < times.Length; i++)
            {
                var begun = Stopwatch.GetTimestamp();
                file.Write(bytes);
                file.Flush(flushToDisk: true);
                times[i] = Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
            }
            Array.Sort(times);
            return times[times.Length / 2];
        }
        finally
        {
            File.Delete(path);
        }
    }
}
